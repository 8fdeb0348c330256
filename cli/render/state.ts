import type { StateDocument } from '#contracts';
import { openWork, renderAssignment } from './assignment.ts';
import { openInteractions, renderInteractions } from './interaction.ts';
import { howToApply } from './next-steps.ts';
import { renderResult } from './result.ts';
import { spendText } from './spend.ts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { age, firstLine, percent } from './words.ts';

export interface StateContext {
  readonly program: string;
  readonly now: Date;
}

const STEP_MARKS = { pending: '·', active: '→', completed: '✓', failed: '✗', skipped: '-' } as const;

const stepRows = ({ steps }: StateDocument): readonly (readonly string[])[] =>
  steps.map(({ id, name, status, tries, error }) => [
    `  ${STEP_MARKS[status]} ${id}`,
    name,
    tries > 1 ? `${tries} tries` : '',
    status === 'completed' || !error ? '' : firstLine(error),
  ]);

const TASK_MARKS = { pending: '·', running: '→', completed: '✓', failed: '✗', skipped: '-' } as const;

const taskRows = ({ tasks }: StateDocument): readonly (readonly string[])[] =>
  tasks.map(({ id, goal, status, orchestration, try: tries, reason }) => [
    `  ${TASK_MARKS[status]} ${id}`,
    firstLine(goal),
    orchestration ?? '',
    tries > 1 ? `${tries} tries` : '',
    reason ? firstLine(reason) : '',
  ]);

const agentRows = ({ routing, agent_states: agents }: StateDocument): readonly (readonly string[])[] =>
  (routing?.agent_sequence ?? []).map(({ agent, status, order }) => {
    const run = agents[order - 1];
    return [
      `  ${agent}`,
      status,
      run && run.attempt > 1 ? `attempt ${run.attempt}` : '',
      run?.error ? firstLine(run.error) : '',
    ];
  });

const engineRows = ({ engines }: StateDocument): readonly (readonly string[])[] => [
  ...engines.chosen.map(({ agent, work, reason }) => [`  ${agent}`, `${work}s`, reason]),
  ...engines.out.map(({ engine, provider, until }) => [
    `  ${engine}`,
    provider.replace('_', ' '),
    until ? `not asked before ${until}` : 'not asked until a person says so',
  ]),
];

const section = (title: string, rows: readonly (readonly string[])[], style: Style): readonly string[] =>
  rows.length === 0 ? [] : [style.bold(title), ...columns(rows)];

const aboutRoute = ({ routing }: StateDocument): string =>
  routing ? `${routing.workflow}, ${routing.complexity}, confidence ${percent(routing.confidence)}` : 'not decided';

const overview = (state: StateDocument, { now }: StateContext): readonly (readonly string[])[] => [
  ['  goal', firstLine(state.goal)],
  ['  status', state.outcome ? `${state.status} (${state.outcome.kind})` : state.status],
  ...(state.wait ? [['  waits for', `${state.wait.owner}: ${firstLine(state.wait.detail)}`]] : []),
  ...(state.forked_from
    ? [['  forked from', `${state.forked_from.orchestration} at version ${state.forked_from.version}`]]
    : []),
  ['  route', aboutRoute(state)],
  ...(state.plan ? [['  plan', `${state.plan.id}, by ${state.plan.source}, confidence ${state.plan.confidence}`]] : []),
  ...(state.parent ? [['  task', `${state.parent.task} of ${state.parent.orchestration}`]] : []),
  ...(state.workspace ? [['  workspace', state.workspace]] : []),
  ...(spendText(state.spend) === null ? [] : [['  cost', spendText(state.spend) ?? '']]),
  ['  created', `${state.created_at} (${age(state.created_at, now)})`],
  ['  version', String(state.version)],
];

/** Where a run is: what `studio status` prints, and the state document behind `--json`. */
export const renderStatus = (state: StateDocument, style: Style, context: StateContext): readonly string[] => {
  const open = openInteractions(state.interactions);
  return [
    style.bold(state.id),
    ...columns(overview(state, context)),
    ...section('agents', agentRows(state), style),
    ...section('engines', engineRows(state), style),
    ...section('tasks', taskRows(state), style),
    ...section('steps', stepRows(state), style),
    ...(open.length > 0 ? ['', ...renderInteractions(state.id, open, context.program, style)] : []),
    ...openWork(state).flatMap((work) => ['', ...renderAssignment(state.id, work, context.program, style)]),
    ...(state.outcome ? ['', ...renderResult(state, style), ...howToApply(state, context.program, false)] : []),
  ];
};

/** Everything of the document, for people: the status, then what only the document tells. */
export const renderState = (state: StateDocument, style: Style, context: StateContext): readonly string[] => [
  ...renderStatus(state, style, context),
  ...section(
    'gates',
    state.gates.map(({ gate, status, command }) => [`  ${gate}`, status.replace('_', ' '), command ?? '']),
    style,
  ),
  ...section(
    'handoffs',
    state.handoffs.map(({ from, to, time }) => [`  ${from} → ${to}`, time]),
    style,
  ),
  ...section(
    'checkpoints',
    state.checkpoints.map(({ id, name, version }) => [`  ${id}`, name, `version ${version}`]),
    style,
  ),
  ...section(
    'failures',
    state.failures.map(({ agent, step, category, error, recovery_action: action }) => [
      `  ${step ?? agent}`,
      category,
      action ?? '',
      firstLine(error),
    ]),
    style,
  ),
  ...section(
    'questions',
    state.interactions.map(({ id, kind, outcome, answer, by }) => [
      `  ${id}`,
      kind,
      outcome ?? 'open',
      answer ? `${answer}${by ? ` by ${by}` : ''}` : '',
    ]),
    style,
  ),
];
