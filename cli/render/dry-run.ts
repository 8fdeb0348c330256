import type { DryRunDocument } from '#contracts';
import { usd } from './spend.ts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { clip, count, duration, firstLine, percent } from './words.ts';

/** Rows of one list that a person reads. */
const MOST_ROWS = 30;

type Row = readonly [name: string, text: string];

/** The name stands beside the first line only. */
const rowsOf = (name: string, texts: readonly string[]): readonly Row[] => {
  const shown =
    texts.length > MOST_ROWS ? [...texts.slice(0, MOST_ROWS), `… and ${texts.length - MOST_ROWS} more`] : texts;
  return shown.map((text, index): Row => [index === 0 ? name : '', text]);
};

const routeRows = ({ route }: DryRunDocument): readonly Row[] => [
  ['workflow', `${route.workflow} (${route.agents.join(' → ')}), ${route.complexity}, ${percent(route.confidence)}`],
  ...rowsOf(
    'signals',
    route.signals.map(({ word, role, points_to: to }) => `${word} (${role}) → ${to}`),
  ),
  ...(route.skills.length > 0 ? rowsOf('skills', [route.skills.join(', ')]) : []),
];

const planRows = ({ plan, no_plan: why }: DryRunDocument): readonly Row[] => {
  if (!plan) return why === null ? [] : rowsOf('plan', [`none yet: ${why}`]);
  return [
    [
      'plan',
      `${count(plan.steps.length, 'step')} from ${plan.source}, confidence ${plan.confidence} % (${plan.verdict})`,
    ],
    ...rowsOf(
      '',
      plan.steps.map(({ id, name }) => `${id} ${firstLine(name)}`),
    ),
    ...rowsOf('cautions', plan.cautions),
  ];
};

const taskRows = ({ tasks }: DryRunDocument): readonly Row[] =>
  rowsOf(
    'tasks',
    tasks.map(
      ({ id, goal, depends_on: needs }) =>
        `${id} ${clip(firstLine(goal), 80)}${needs.length > 0 ? ` (after ${needs.join(', ')})` : ''}`,
    ),
  );

const gateRows = ({ gates }: DryRunDocument): readonly Row[] =>
  rowsOf(
    'gates',
    (gates ?? []).map(({ gate, command, source }) => `${gate}: ${command ?? 'none'} (${source})`),
  );

const conflictRows = ({ conflicts, undeclared }: DryRunDocument): readonly Row[] => [
  ...rowsOf(
    'conflicts',
    conflicts.map(({ id, files, goal }) => `${id} touches ${files.join(', ')} too: "${clip(firstLine(goal), 60)}"`),
  ),
  ...(undeclared.length > 0
    ? rowsOf('unknown', [
        `${count(undeclared.length, 'run')} in the same workspace that may touch anything: ${undeclared.slice(0, 5).join(', ')}`,
      ])
    : []),
];

const questionRows = ({ questions }: DryRunDocument): readonly Row[] =>
  questions.length === 0
    ? [['questions', 'none']]
    : rowsOf(
        'questions',
        questions.map(
          ({ prompt, default: answer }) =>
            `${firstLine(prompt)} ${answer === null ? '(it waits)' : `(else: ${answer})`}`,
        ),
      );

const estimateRow = ({
  estimate: { duration_ms: ms, cost_usd: cost, runs, basis },
}: DryRunDocument): readonly Row[] => [
  [
    'time',
    ms === null
      ? 'no run like this has completed yet'
      : `${duration(ms.median)}, nine of ten within ${duration(ms.p90)} (${count(runs, 'run')}; ${basis})`,
  ],
  [
    'cost',
    cost === null
      ? 'nobody said what runs like this cost'
      : `${usd(cost.median)}, nine of ten within ${usd(cost.p90)} (${count(cost.runs, 'run')})`,
  ],
];

export const renderDryRun = (document: DryRunDocument, style: Style): readonly string[] => [
  `${style.bold(firstLine(document.goal))}  ${style.dim('nothing is stored or started')}`,
  ...columns(
    [
      ...routeRows(document),
      ...planRows(document),
      ...taskRows(document),
      ...gateRows(document),
      ...conflictRows(document),
      ...questionRows(document),
      ...estimateRow(document),
    ].map(([name, text]) => [`  ${name}`, text]),
  ),
];
