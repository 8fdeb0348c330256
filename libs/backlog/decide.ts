import { type MapTask, RuleViolation } from '#contracts';
import { dependencyProblems, validatePlan } from '#domain';
import type { BacklogEvent } from './backlog.events.ts';
import type { BacklogCommand, CommandOf } from './command.ts';
import { follow } from './follow.ts';
import { tasksForRun, tasksWithDependencies } from './order.ts';
import type { BacklogState, Item } from './state.ts';
import { takeIn } from './take-in.ts';

type Decision = readonly BacklogEvent[];

const itemOf = ({ items }: BacklogState, task: string): Item => {
  const item = items.find(({ id }) => id === task);
  if (item) return item;
  throw new RuleViolation('backlog.unknown_task', `there is no task ${task}: studio project backlog shows them`);
};

const whileIdle = (item: Item, what: string): void => {
  if (item.status !== 'taken' && item.status !== 'running') return;
  const by = item.orchestration ?? item.run;
  throw new RuleViolation('backlog.task_running', `${item.id} is ${item.status} (${by}) and cannot be ${what} now`);
};

/** What would be wrong with the backlog if it had these tasks instead. */
const refuseProblems = (state: BacklogState, task: MapTask): void => {
  const others = state.items.filter(({ id }) => id !== task.id);
  const featureKnown = task.feature === null || state.features.some(({ id }) => id === task.feature);
  const problems = [
    ...(featureKnown ? [] : [`${task.feature} is not a feature of this backlog`]),
    ...dependencyProblems([...others, task]),
    ...(task.effort === 'XL' ? [`task ${task.id} is XL: split it into tasks of which each is L or smaller`] : []),
    ...(task.plan === null ? [] : validatePlan(task.plan)),
  ];
  if (problems.length > 0) throw new RuleViolation('backlog.unfit_task', problems.join('; '));
};

const add = ({ task }: CommandOf<'add'>, state: BacklogState): Decision => {
  const added: MapTask = { id: `T${state.last.T + 1}`, ...task };
  refuseProblems(state, added);
  return [{ type: 'backlog.task_added', v: 3, data: { task: added } }];
};

const edit = ({ task, changes }: CommandOf<'edit'>, state: BacklogState): Decision => {
  const item = itemOf(state, task);
  whileIdle(item, 'changed');
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const edited: Item = { ...item, ...given };
  if (JSON.stringify(edited) === JSON.stringify(item)) return [];
  refuseProblems(state, edited);
  return [{ type: 'task.edited', v: 3, data: { task, changes: given } }];
};

const remove = ({ task }: CommandOf<'remove'>, state: BacklogState): Decision => {
  whileIdle(itemOf(state, task), 'removed');
  const dependents = state.items.filter(({ depends_on }) => depends_on.includes(task)).map(({ id }) => id);
  if (dependents.length > 0)
    throw new RuleViolation(
      'backlog.task_needed',
      `${dependents.join(', ')} depend on ${task}: change or remove them first`,
    );
  return [{ type: 'task.removed', v: 1, data: { task } }];
};

const reopen = ({ task }: CommandOf<'reopen'>, state: BacklogState): Decision => {
  const item = itemOf(state, task);
  whileIdle(item, 'reopened');
  return item.status === 'open' ? [] : [{ type: 'task.reopened', v: 1, data: { task } }];
};

const nothingToRun = ({ items }: BacklogState): RuleViolation => {
  const count = (status: Item['status']) => items.filter((item) => item.status === status).length;
  if (items.length === 0)
    return new RuleViolation('backlog.empty', 'the backlog is empty: fill it with studio project decompose');
  const told = `${count('done')} done, ${count('running') + count('taken')} in a run, ${count('failed')} failed`;
  return new RuleViolation(
    'backlog.nothing_to_run',
    `no task can begin (${told}): what failed can be tried again with studio project reopen`,
  );
};

const refuseWanted = (state: BacklogState, wanted: readonly string[], chosen: readonly string[]): void => {
  const left = wanted.map((task) => itemOf(state, task)).filter(({ id }) => !chosen.includes(id));
  if (left.length === 0) return;
  const told = left.map(({ id, status }) =>
    status === 'open' ? `${id} waits for tasks that cannot run` : `${id} is ${status}`,
  );
  throw new RuleViolation('backlog.cannot_run', told.join('; '));
};

const claim = ({ tasks, max }: CommandOf<'claim'>, state: BacklogState): Decision => {
  const chosen = tasks ? tasksWithDependencies(state.items, tasks) : tasksForRun(state.items, max ?? undefined);
  if (tasks) refuseWanted(state, tasks, chosen);
  if (chosen.length === 0) throw nothingToRun(state);
  return [{ type: 'run.claimed', v: 1, data: { run: `run_${state.claims.length + 1}`, tasks: [...chosen] } }];
};

const claimOf = ({ claims }: BacklogState, run: string) => claims.find((known) => known.run === run);

const attach = ({ run, orchestration }: CommandOf<'attach'>, state: BacklogState): Decision => {
  const known = claimOf(state, run);
  if (!known || known.ended || known.orchestration !== null) return [];
  return [{ type: 'run.started', v: 1, data: { run, orchestration } }];
};

const finish = ({ run, reason }: CommandOf<'finish'>, state: BacklogState): Decision => {
  const known = claimOf(state, run);
  return !known || known.ended ? [] : [{ type: 'run.ended', v: 1, data: { run, reason } }];
};

/**
 * What a command makes of a backlog; `[]` when it is so already.
 * @throws {RuleViolation} the command is not allowed
 */
export const decideBacklog = (command: BacklogCommand, state: BacklogState): Decision => {
  switch (command.do) {
    case 'decompose':
      return takeIn(command, state);
    case 'add':
      return add(command, state);
    case 'edit':
      return edit(command, state);
    case 'remove':
      return remove(command, state);
    case 'reopen':
      return reopen(command, state);
    case 'claim':
      return claim(command, state);
    case 'attach':
      return attach(command, state);
    case 'finish':
      return finish(command, state);
    case 'follow':
      return follow(command.followed, state);
  }
};
