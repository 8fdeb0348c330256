import { movedTo, seen } from '../agents/agents.evolve.ts';
import type { Change, Evolvers } from '../context.ts';
import { type Child, type Run, updateCurrent } from '../run.ts';
import { giveUp } from './redo.ts';

const updateChild = (run: Run, task: string, change: Partial<Child>): Pick<Run, 'children'> => ({
  children: run.children.map((child) => (child.task.id === task ? { ...child, ...change } : child)),
});

/** A task that had not begun is struck out; for one that was finished, whoever could not merge it goes on without it. */
const skipped = (run: Run, task: string, reason: string): Change => {
  const hadEnded = run.children.some(({ task: { id }, status }) => id === task && status !== 'pending');
  if (!hadEnded) return updateChild(run, task, { status: 'skipped', reason });
  return {
    ...giveUp(run, task, reason),
    wanted: { reason: 'skipped_step', hint: null },
    invocations: updateCurrent(run, { status: 'pending', lease: null }),
  };
};

export const childrenEvolvers: Evolvers<
  | 'map.drawn'
  | 'children.planned'
  | 'child.started'
  | 'child.ended'
  | 'child.skipped'
  | 'branch.merged'
  | 'abort.requested'
> = {
  'map.drawn': (run, { data: { map, seq } }) => ({ invocations: seen(run, seq), map }),
  'children.planned': (_run, { data: { tasks, atOnce } }) => ({
    childrenAtOnce: atOnce,
    // One that came with the goal is that of a task now: whoever brings the tasks together has none.
    plan: null,
    planAccepted: false,
    steps: [],
    children: tasks.map((task) => ({
      task,
      status: 'pending',
      id: null,
      try: 0,
      outcome: null,
      reason: null,
      bases: [],
      base: null,
      commit: null,
      merged: null,
      hint: null,
    })),
  }),
  'child.started': (run, { data: { task, child, bases, try: number } }) =>
    updateChild(run, task, {
      status: 'running',
      id: child,
      try: number,
      bases,
      outcome: null,
      reason: null,
      base: null,
      commit: null,
    }),
  'child.ended': (run, { data: { task, child, outcome, reason, base, commit, spent } }) =>
    run.children.some(({ id }) => id === child)
      ? {
          spend: { ...run.spend, tasks: { ...run.spend.tasks, [child]: spent } },
          ...updateChild(run, task, {
            status: outcome === 'completed' ? 'completed' : 'failed',
            outcome,
            reason,
            base,
            commit,
          }),
        }
      : {},
  'child.skipped': (run, { data: { task, reason } }) => skipped(run, task, reason),
  'branch.merged': (run, { data: { task, commit, seq } }) => ({
    ...updateChild(run, task, { merged: commit }),
    ...movedTo(run, commit),
    invocations: seen(run, seq),
  }),
  'abort.requested': (_run, { actor, data: { reason } }) => ({ aborting: { by: actor, reason } }),
};
