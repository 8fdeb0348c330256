import type { CheckResult } from '#contracts';
import type { Recorded } from '#events';
import type { Style } from './style.ts';
import { duration } from './words.ts';

/** What one check or gate printed: capped and without secrets, as it was stored. */
export interface LogEntry {
  readonly version: number;
  readonly time: string;
  /** A step, a gate, or an acceptance criterion. */
  readonly of: string;
  readonly try: number;
  readonly what: string;
  readonly passed: boolean;
  readonly exit_code: number | null;
  readonly duration_ms: number | null;
  readonly output: string;
}

type Where = Pick<LogEntry, 'version' | 'time' | 'of' | 'try'>;

const ofCheck = (where: Where, { criterion, passed, exitCode, durationMs, output }: CheckResult): LogEntry => ({
  ...where,
  what: criterion,
  passed,
  exit_code: exitCode,
  duration_ms: durationMs,
  output,
});

export const logsOf = (event: Recorded): readonly LogEntry[] => {
  const { version, time } = event;
  switch (event.type) {
    case 'step.tried':
    case 'step.succeeded': {
      const { step, try: number, checks } = event.data;
      return checks.map((check) => ofCheck({ version, time, of: step, try: number }, check));
    }
    case 'gate.failed': {
      const { gate, try: number, durationMs, output } = event.data;
      const where = { version, time, of: gate, try: number };
      return [{ ...where, what: `gate ${gate}`, passed: false, exit_code: null, duration_ms: durationMs, output }];
    }
    case 'acceptance.checked':
      return event.data.results.map(({ id, criterion, status, output }) => ({
        version,
        time,
        of: id,
        try: 1,
        what: criterion,
        passed: status === 'passed',
        exit_code: null,
        duration_ms: null,
        output,
      }));
    default:
      return [];
  }
};

export const renderLog = (log: LogEntry, style: Style): readonly string[] => {
  const verdict = log.passed ? style.green('passed') : style.red('failed');
  const facts = [
    ...(log.exit_code === null ? [] : [`exit ${log.exit_code}`]),
    ...(log.duration_ms === null ? [] : [duration(log.duration_ms)]),
  ];
  return [
    `${style.bold(log.of)} try ${log.try}: ${log.what}: ${verdict}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`,
    ...log.output
      .split('\n')
      .filter((text, at, all) => text !== '' || at < all.length - 1)
      .map((text) => `  ${text}`),
  ];
};
