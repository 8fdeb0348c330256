import type { Result, StateDocument } from '#contracts';
import { spendText } from './spend.ts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { count, duration, firstLine, shortCommit } from './words.ts';

const LETTERS = { added: 'A', modified: 'M', deleted: 'D', renamed: 'R' } as const;

const GATE_WORDS = {
  pending: 'not run',
  passed: 'passed',
  failed: 'failed',
  red_before: 'red before',
  not_available: 'not available',
  off: 'off',
} as const;

/** Files that are named. The diff, which is offered below, has the others. */
const MOST_FILES = 20;

const gateText = ({ gate, status }: Result['gates'][number], style: Style): string => {
  const paint = status === 'passed' ? style.green : status === 'failed' ? style.red : style.yellow;
  return `${gate} ${paint(GATE_WORDS[status])}`;
};

/** What passed needs no words; what did not is part of the result, and its id alone tells nobody what. */
const criterionText = ({ id, status, criterion, before }: Result['criteria'][number], style: Style): string =>
  status === 'passed'
    ? `${id} ${before === 'passed' ? style.yellow('passed, and proves nothing: it passed before') : style.green('passed')}`
    : `${id} ${style.yellow(status.replace('_', ' '))} (${criterion})`;

const filesText = ({ files_changed: files }: Result, style: Style): readonly (readonly [string, string])[] => {
  if (files.length === 0) return [['files', 'none changed']];
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return [
    ['files', `${files.length} changed, ${style.green(`+${added}`)} ${style.red(`-${removed}`)}`],
    ...files
      .slice(0, MOST_FILES)
      .map((file): [string, string] => [
        '',
        `${LETTERS[file.status]} ${file.path} ${style.green(`+${file.added}`)} ${style.red(`-${file.removed}`)}`,
      ]),
    ...(files.length > MOST_FILES ? ([['', `… and ${files.length - MOST_FILES} more`]] as const) : []),
  ];
};

const taskName = (id: string, goal: string): string => `${id} ${firstLine(goal)}`;

const commitsText = (
  { commits }: Result,
  steps: readonly { readonly id: string; readonly name: string }[],
): readonly (readonly [string, string])[] =>
  commits.map(({ step, commit }, index) => [
    index === 0 ? 'commits' : '',
    `${shortCommit(commit)} ${steps.find(({ id }) => id === step)?.name ?? step}`,
  ]);

const stepsText = ({ completed, skipped, total }: Result['steps']): string =>
  `${completed} of ${total} done${skipped > 0 ? `, ${skipped} skipped` : ''}`;

const tasksText = ({ tasks }: Result, style: Style): readonly (readonly [string, string])[] => {
  if (!tasks) return [];
  const text = `${tasks.completed} of ${tasks.total} tasks`;
  return [['tasks', tasks.completed === tasks.total ? text : style.yellow(text)]];
};

const costRows = ({ spend }: StateDocument): readonly (readonly [string, string])[] => {
  const text = spendText(spend);
  return text === null ? [] : [['cost', text]];
};

/** Who did it, and who could not. */
const enginesText = ({ engines }: Result): readonly (readonly [string, string])[] => {
  const who = engines.chosen.map(({ agent, work, engine }) => `${engine} (${agent} ${work}s)`);
  return [
    ...(who.length > 0 ? [['engines', who.join(', ')] as const] : []),
    ...engines.failed_over.map(({ from, to, reason }, index): [string, string] => [
      index === 0 ? 'took over' : '',
      `${to} from ${from}: ${firstLine(reason)}`,
    ]),
  ];
};

const rowsOf = (state: StateDocument, result: Result, style: Style): readonly (readonly [string, string])[] => [
  ...filesText(result, style),
  ...commitsText(result, [...state.steps, ...state.tasks.map(({ id, goal }) => ({ id, name: taskName(id, goal) }))]),
  ...tasksText(result, style),
  ['steps', stepsText(result.steps)],
  ['checks', `${result.checks.passed} passed${result.checks.failed > 0 ? `, ${result.checks.failed} failed` : ''}`],
  ...(result.gates.length > 0
    ? ([['gates', result.gates.map((gate) => gateText(gate, style)).join(', ')]] as const)
    : []),
  ...(result.criteria.length > 0
    ? ([['criteria', result.criteria.map((criterion) => criterionText(criterion, style)).join(', ')]] as const)
    : []),
  ['time', `${duration(result.duration_ms)}, ${result.retries} ${result.retries === 1 ? 'retry' : 'retries'}`],
  ...costRows(state),
  ...(result.branch && result.commit
    ? ([
        [
          'branch',
          `${result.branch} at ${shortCommit(result.commit)}${result.base ? `, base ${shortCommit(result.base)}` : ''}`,
        ],
      ] as const)
    : []),
  ...enginesText(result),
  ['sandbox', result.sandbox],
  ['log', `${count(state.version, 'event')}, head ${result.head_hash}`],
];

const WORDS = { completed: 'Done', failed: 'Failed', halted: 'Halted', aborted: 'Aborted' } as const;

const headline = ({ outcome, goal }: StateDocument, style: Style): string => {
  const what = firstLine(goal);
  const mark = outcome?.kind === 'completed' ? style.green('✓') : style.red('✗');
  const word = WORDS[outcome?.kind ?? 'failed'];
  return `${mark} ${style.bold(`${word}: ${what}`)}`;
};

/** The one result of a run that has ended: what was done, what was checked, what it took. */
export const renderResult = (state: StateDocument, style: Style): readonly string[] => {
  const { outcome } = state;
  if (!outcome) return [];
  return [
    headline(state, style),
    ...(outcome.reason ? outcome.reason.split('\n').map((text) => `  ${text}`) : []),
    ...columns(rowsOf(state, outcome.result, style).map(([name, text]) => [`  ${style.dim(name)}`, text])),
  ];
};
