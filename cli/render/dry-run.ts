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

const planned = ({ steps, source, confidence, verdict }: NonNullable<DryRunDocument['plan']>): string =>
  `${count(steps.length, 'step')} from ${source}, confidence ${confidence} % (${verdict})`;

const planRows = ({ plan, no_plan: why }: DryRunDocument): readonly Row[] => {
  if (!plan) return why === null ? [] : rowsOf('plan', [`none yet: ${why}`]);
  return [
    ['plan', planned(plan)],
    ...rowsOf(
      '',
      plan.steps.map(({ id, name }) => `${id} ${firstLine(name)}`),
    ),
    ...rowsOf('cautions', plan.cautions),
  ];
};

type Task = DryRunDocument['tasks'][number];

const taskText = ({ id, goal, depends_on: needs, route, plan, estimate: { duration_ms: ms } }: Task): string => {
  const after = needs.length > 0 ? ` (after ${needs.join(', ')})` : '';
  const known = [
    plan ? planned(plan) : route.agents.join(' → '),
    ...(ms === null ? [] : [`about ${duration(ms.median)}`]),
  ];
  return `${id} ${clip(firstLine(goal), 60)}${after}: ${known.join(', ')}`;
};

/** Each reason once, with the tasks that it holds for. */
const unplannedTexts = (tasks: readonly Task[]): readonly string[] => {
  const reasons = [...new Set(tasks.flatMap(({ no_plan: why }) => why ?? []))];
  return reasons.map((why) => {
    const ids = tasks.filter((task) => task.no_plan === why).map(({ id }) => id);
    return `none yet of ${clip(ids.join(', '), 40)}: ${why}`;
  });
};

const taskRows = ({ tasks }: DryRunDocument): readonly Row[] => [
  ...rowsOf('tasks', tasks.map(taskText)),
  ...rowsOf('plans', unplannedTexts(tasks)),
];

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

const questionText = ({ prompt, default: answer }: DryRunDocument['questions'][number]): string =>
  `${firstLine(prompt)} ${answer === null ? '(it waits)' : `(else: ${answer})`}`;

const questionRows = ({ questions, tasks }: DryRunDocument): readonly Row[] => {
  const ofTasks = tasks.flatMap((task) => task.questions.map((question) => `${task.id}: ${questionText(question)}`));
  const texts = [...questions.map(questionText), ...ofTasks];
  return rowsOf('questions', texts.length === 0 ? ['none'] : texts);
};

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
