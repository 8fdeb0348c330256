import type { EdgePolicy, Task } from '#contracts';
import type { Event, EventOf } from '#events';
import { commit, failureOf, policy, recovered, started, submitted } from '../../../test/support/facts.ts';
import { contextOf, type Facts, given } from '../../../test/support/spec.ts';
import type { CommandOf } from '../command.ts';
import { fact } from '../context.ts';
import { nothingSpent } from '../money/amounts.ts';
import { type Child, currentInvocation, type Live, type Run } from '../run.ts';
import { childIdOf } from './child-id.ts';

/** Runs that consist of tasks, and what becomes of those, for tests. Task `T1` has the goal "do T1". */

/** Room for three tasks at once, and one more try for a task that does not merge. */
export const limits = { ...policy, childrenAtOnce: 3, replans: 1 };

type After = Readonly<Record<string, EdgePolicy>> | readonly string[];
type TaskChange = Partial<Omit<Task, 'id' | 'depends_on'>> & { readonly after?: After };

/** `after: ['T1']` is an edge of the policy `all`. */
export const task = (id: string, { after = [], ...change }: TaskChange = {}): Task => ({
  id,
  goal: `do ${id}`,
  depends_on: Array.isArray(after)
    ? after.map((other: string) => ({ task: other, policy: 'all' }))
    : Object.entries(after).map(([other, edge]) => ({ task: other, policy: edge as EdgePolicy })),
  files: [],
  plan: null,
  ...change,
});

type Submission = NonNullable<Parameters<typeof submitted>[0]>;

/** A goal of these tasks: its route is version 2, its tasks are version 3, and what may begin begins after that. */
export const goalOf = (tasks: readonly Task[], change: Submission = {}): Event =>
  submitted({ workflow: 'multi_task', tasks: [...tasks], policy: limits, ...change });

/** What somebody asserts, given the run as it is then. */
type Move = (run: Live) => Facts;

export const live = (facts: Facts): Live => {
  const { state } = given(...facts);
  if (state.lifecycle !== 'live') throw new Error(`the run is ${state.lifecycle}`);
  return state;
};

/** The facts, and then what the moves assert, each with the run as the ones before it left it. */
export const story = (facts: Facts, ...moves: readonly Move[]): Facts => {
  let told = facts;
  for (const move of moves) told = [...told, ...move(live(told))];
  return told;
};

export const childOf = (run: Run, id: string): Child => {
  const child = run.children.find((other) => other.task.id === id);
  if (!child) throw new Error(`there is no task ${id}`);
  return child;
};

export const runOf = (run: Run, id: string): string => childOf(run, id).id ?? '';

type End = Partial<Omit<EventOf<'child.ended'>['data'], 'task' | 'child' | 'commit'>> & {
  /** Of its last verified commit. */
  readonly digit?: string;
};

/** The present run of a task ends: with work, unless it is told otherwise. */
const endOf = (run: Run, id: string, { digit, ...change }: End): EventOf<'child.ended'> =>
  fact('child.ended', {
    task: id,
    child: runOf(run, id),
    outcome: digit === undefined ? 'failed' : 'completed',
    reason: null,
    base: commit('a'),
    commit: digit === undefined ? null : commit(digit),
    spent: nothingSpent,
    ...change,
  });

export const ends =
  (id: string, end: End = {}): Move =>
  (run) => [endOf(run, id, end)];

/** The same as the fact that follows these, and as the command of whoever runs the task. */
export const endedTask = (facts: Facts, id: string, end: End = {}): EventOf<'child.ended'> =>
  endOf(live(facts), id, end);
export const endOfTask = (facts: Facts, id: string, end: End = {}): CommandOf<'end_child'> => ({
  type: 'end_child',
  ...endedTask(facts, id, end).data,
});

/** The task begins as the fact that comes so many facts after these. */
export const begun = (
  facts: Facts,
  place: number,
  id: string,
  change: Partial<Omit<EventOf<'child.started'>['data'], 'task' | 'child'>> = {},
): Event => {
  const { stream: parent, now: time } = contextOf();
  const version = given(...facts).history.length + place;
  const number = change.try ?? 1;
  const child = childIdOf({ parent, task: id, try: number, version, time });
  return fact('child.started', { task: id, child, bases: [], ...change, try: number });
};

/** The builder that brings the tasks together begins. */
export const builder: Move = (run) => [started(currentInvocation(run)?.dispatch ?? 0)];

/** Where the builder that merges is in its report. */
export const mark = (run: Run) => {
  const lease = currentInvocation(run)?.lease;
  return { lease: lease?.number ?? 0, seq: (lease?.seq ?? 0) + 1 };
};

export const merged =
  (id: string, digit: string): Move =>
  (run) => [fact('branch.merged', { ...mark(run), task: id, child: runOf(run, id), commit: commit(digit) })];

export const doesNotMerge = (id: string) =>
  ({
    fact: 'agent.failed',
    failure: failureOf('design_flaw', { error: `${id} does not merge: conflict in a.ts` }),
    task: id,
  }) as const;

/** The work of a task could not be taken in. */
export const conflicts =
  (id: string): Move =>
  (run) => [conflictOf(run, id)];

export const conflictOf = (run: Run, id: string): EventOf<'failure.recorded'> =>
  fact('failure.recorded', {
    ...mark(run),
    role: 'builder',
    attempt: currentInvocation(run)?.attempt ?? 0,
    step: id,
    gate: null,
    ...doesNotMerge(id).failure,
    pattern: null,
    until: null,
    progress: null,
    engine: null,
    provider: null,
  });

export const skippedTask = (id: string, reason: string): Event => fact('child.skipped', { task: id, reason });
export const failedRun = (reason: string): Event => fact('orchestration.failed', { reason });
export const doneAgain = (id: string): Event => recovered('replan', `${id} is done again on the merged tree`);

/** `T1 running, T2 pending`. */
export const statuses = (facts: Facts): string => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') return '';
  return state.children.map(({ task: { id }, status }) => `${id} ${status}`).join(', ');
};
