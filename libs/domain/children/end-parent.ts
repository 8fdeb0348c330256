import { RuleViolation } from '#contracts';
import type { EventOf } from '#events';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import type { Live, Run } from '../run.ts';
import { completedChildren, hasNothingToMerge, isLost, lossOf, runningChildren } from './family.ts';

/** The run of a task has ended: told to the run whose task it is, as often as anybody likes. */
export const endChild = (run: Live, { type: _type, ...end }: CommandOf<'end_child'>): Decision =>
  run.children.some(({ id, task, status }) => id === end.child && task.id === end.task && status === 'running')
    ? [fact('child.ended', end)]
    : [];

/** With tasks that run, an end is asked for first: it comes when all of theirs are facts. */
export const requestAbort = (run: Live, reason: string | null): Decision => {
  if (run.aborting) return [];
  if (runningChildren(run).length > 0) return [fact('abort.requested', { reason })];
  return [fact('orchestration.aborted', { reason })];
};

/** The last of its tasks has ended. */
export const endAborted = (run: Live): EventOf<'orchestration.aborted'> | null =>
  run.aborting && runningChildren(run).length === 0
    ? fact('orchestration.aborted', { reason: run.aborting.reason })
    : null;

/** `7 of 8 tasks completed; T3 failed: the tests are red`. */
const shortfall = (run: Run): string => {
  const summary = `${completedChildren(run).length} of ${run.children.length} tasks completed`;
  return [summary, ...run.children.filter(isLost).map(lossOf)].join('; ');
};

/** Ends a parent that has nothing to bring together. */
export const endWithoutMerge = (run: Live): EventOf<'orchestration.failed'> | null =>
  hasNothingToMerge(run) ? fact('orchestration.failed', { reason: shortfall(run) }) : null;

/** What a run with all its agents done has come to: a parent has failed when some of its tasks did. */
export const endOf = (run: Run): EventOf<'orchestration.completed' | 'orchestration.failed'> =>
  run.children.some(isLost)
    ? fact('orchestration.failed', { reason: shortfall(run) })
    : fact('orchestration.completed', { commit: run.commit });

/** Rule: a parent is not done before the work of each completed task is in its tree. */
export const mergeProblems = (run: Run): readonly string[] =>
  completedChildren(run)
    .filter(({ commit, merged }) => commit !== null && merged === null)
    .map(({ task }) => `${task.id} is not merged`);

/** @throws {RuleViolation} there is no such task, or not this run of it */
export const assertMergeable = (
  run: Run,
  { task, child }: Pick<EventOf<'branch.merged'>['data'], 'task' | 'child'>,
) => {
  const found = run.children.find(({ id }) => id === child);
  if (found?.task.id !== task || found.status !== 'completed')
    throw new RuleViolation('task.unknown', `${child} is no finished run of task ${task}`, { task, child });
};
