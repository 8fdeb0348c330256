import { topologicalOrder } from '../plan/dag.ts';
import type { Child, Run } from '../run.ts';

/** Finished tasks whose work is not in the tree yet, in the order given, but none before what it depends on. */
export const toMerge = (run: Run): readonly Child[] => {
  const steps = run.children.map((child) => ({
    child,
    id: child.task.id,
    depends_on: child.task.depends_on.map(({ task }) => task),
  }));
  const ordered = topologicalOrder({ steps });
  // Of those that depend on each other in a circle, one may have been done without the others.
  return [...ordered, ...steps.filter((step) => !ordered.includes(step))]
    .map(({ child }) => child)
    .filter(({ status, commit, merged }) => status === 'completed' && commit !== null && merged === null);
};
