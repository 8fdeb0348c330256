import type { CheckResult } from '#contracts';
import type { Recorded, RecordedOf } from '#events';
import { sentenceOf } from '#replay';
import { describeRecovery } from './describe-recovery.ts';
import { type Line, line } from './line.ts';
import { type Progress, stepLabel } from './progress.ts';
import { clip, count, duration, firstLine, shortCommit } from './words.ts';

/** Lines of output that are worth showing beside a failure; `studio logs` has all that was kept. */
const TAIL_LINES = 5;

const tail = (output: string): readonly Line[] =>
  output
    .split('\n')
    .filter((text) => text.trim() !== '')
    .slice(-TAIL_LINES)
    .map((text) => line('more', `  ${clip(text, 160)}`));

const succeeded = ({ data }: RecordedOf<'step.succeeded'>, progress: Progress, full: boolean): readonly Line[] => {
  const facts = [
    count(data.checks.length, 'check'),
    duration(data.durationMs),
    ...(data.try > 1 ? [`try ${data.try}`] : []),
    ...(full ? [data.commit ? `commit ${shortCommit(data.commit)}` : 'no file changed'] : []),
  ];
  const checks = full ? data.checks.map(({ criterion }) => line('more', `passed: ${criterion}`)) : [];
  return [line('good', `${stepLabel(progress, data.step)} (${facts.join(', ')})`), ...checks];
};

const failedChecks = (checks: readonly CheckResult[]): readonly Line[] =>
  checks
    .filter(({ passed }) => !passed)
    .flatMap(({ criterion, exitCode, output }) => [
      line('more', `failed: ${criterion}${exitCode === null ? '' : ` (exit ${exitCode})`}`),
      ...tail(output),
    ]);

const accepted = ({ data }: RecordedOf<'acceptance.checked'>, full: boolean): readonly Line[] => {
  const passed = data.results.filter(({ status }) => status === 'passed').length;
  const summary = `acceptance: ${passed} of ${data.results.length} criteria passed`;
  const shown = full ? data.results : data.results.filter(({ status }) => status !== 'passed');
  return [
    line(passed === data.results.length ? 'good' : 'warn', summary),
    ...shown.map(({ id, criterion, status }) => line('more', `${id} ${status.replace('_', ' ')}: ${criterion}`)),
  ];
};

const discovered = ({ data }: RecordedOf<'gates.discovered'>): readonly Line[] => [
  line('step', 'gates on the base commit:'),
  ...data.gates.map(({ gate, base, command, source }) =>
    line('more', `${gate}: ${base.replace('_', ' ')}${command ? ` (${command}, from ${source})` : ''}`),
  ),
];

const prepared = ({ data }: RecordedOf<'workspace.prepared'>, full: boolean): readonly Line[] => [
  ...(full
    ? [
        line('step', `workspace ${data.root}, base ${shortCommit(data.base)}, branch ${data.branch}`),
        line('more', `sandbox: ${data.sandbox}`),
      ]
    : []),
  ...(data.dirty
    ? [line('warn', 'the folder has uncommitted changes: they are not part of the work (--include-dirty takes them)')]
    : []),
];

const WAIVED = {
  red_before: { tone: 'warn', text: 'was red before the work began: costs no try' },
  not_available: { tone: 'more', text: 'not available here' },
  off: { tone: 'more', text: 'switched off' },
} as const;

const describeGate = (event: Recorded): readonly Line[] | null => {
  switch (event.type) {
    case 'gate.passed':
      return [line('good', `gate ${event.data.gate} (${duration(event.data.durationMs)})`)];
    case 'gate.failed':
      return [line('bad', `gate ${event.data.gate}: try ${event.data.try} failed`), ...tail(event.data.output)];
    case 'gate.waived': {
      const { tone, text } = WAIVED[event.data.reason];
      return [line(tone, `gate ${event.data.gate} ${text}`)];
    }
    default:
      return null;
  }
};

/** Lines about what a builder does; `null` for events that are about something else. */
export const describeWork = (event: Recorded, progress: Progress, full: boolean): readonly Line[] | null => {
  switch (event.type) {
    case 'workspace.prepared':
      return prepared(event, full);
    case 'workspace.lost':
      return [
        line('warn', `commits are gone (${count(event.data.missing.length, 'commit')}): their steps are done again`),
      ];
    case 'gates.discovered':
      return full ? discovered(event) : [];
    case 'step.started':
      return full ? [line('step', `${stepLabel(progress, event.data.step)}: try ${event.data.try}`)] : [];
    case 'step.tried':
      return [
        line('bad', `${stepLabel(progress, event.data.step)}: try ${event.data.try} failed`),
        ...failedChecks(event.data.checks),
      ];
    case 'step.succeeded':
      return succeeded(event, progress, full);
    case 'work.handed_out':
      return [line('warn', sentenceOf(event)), line('more', `take it: studio take ${event.stream}`)];
    case 'step.skipped':
      return [line('warn', `${stepLabel(progress, event.data.step)}: skipped`)];
    case 'acceptance.shown':
      return event.data.results
        .filter(({ before }) => before === 'passed')
        .map(({ id, criterion }) =>
          line('warn', `${id} proves nothing: it passed before the work began (${criterion})`),
        );
    case 'acceptance.checked':
      return accepted(event, full);
    case 'failure.recorded':
      return [line('bad', `${event.data.category}: ${full ? event.data.error : firstLine(event.data.error)}`)];
    case 'recovery.decided':
      return describeRecovery(event);
    default:
      return describeGate(event);
  }
};
