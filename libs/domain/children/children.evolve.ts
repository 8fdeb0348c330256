import { seen } from '../agents/agents.evolve.ts';
import type { Change, Evolvers } from '../context.ts';
import type { Child, Run } from '../run.ts';

const updateChild = (run: Run, task: string, change: Partial<Child>): Change => ({
  children: run.children.map((child) => (child.task.id === task ? { ...child, ...change } : child)),
});

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
    children: tasks.map((task) => ({
      task,
      status: 'pending',
      id: null,
      try: 0,
      outcome: null,
      reason: null,
      base: null,
      commit: null,
      merged: null,
    })),
  }),
  'child.started': (run, { data: { task, child, try: number } }) =>
    updateChild(run, task, { status: 'running', id: child, try: number, outcome: null, reason: null, commit: null }),
  'child.ended': (run, { data: { task, child, outcome, reason, base, commit } }) =>
    run.children.some(({ id }) => id === child)
      ? updateChild(run, task, {
          status: outcome === 'completed' ? 'completed' : 'failed',
          outcome,
          reason,
          base,
          commit,
        })
      : {},
  'child.skipped': (run, { data: { task, reason } }) => updateChild(run, task, { status: 'skipped', reason }),
  'branch.merged': (run, { data: { task, commit, seq } }) => ({
    ...updateChild(run, task, { merged: commit }),
    invocations: seen(run, seq),
    commit,
  }),
  'abort.requested': (_run, { actor, data: { reason } }) => ({ aborting: { by: actor, reason } }),
};
