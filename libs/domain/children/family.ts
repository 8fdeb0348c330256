import type { Task } from '#contracts';
import { hasChildren, isRunnable } from '../routing/route-fact.ts';
import type { Child, Run } from '../run.ts';

/** What a run that consists of tasks looks like from above. */

export const isParent = (run: Run): boolean =>
  run.route !== null && hasChildren(run.route.workflow) && isRunnable(run, run.route.workflow);

export const isRunning = ({ status }: Child): boolean => status === 'running';
const isOpen = ({ status }: Child): boolean => status === 'pending' || status === 'running';

export const runningChildren = (run: Run): readonly Child[] => run.children.filter(isRunning);
export const completedChildren = (run: Run): readonly Child[] =>
  run.children.filter(({ status }) => status === 'completed');

/** Its tasks are not known yet, or some have not ended. */
export const awaitsChildren = (run: Run): boolean =>
  isParent(run) && (run.children.length === 0 || run.children.some(isOpen));

export const isTask = (run: Run, id: string | null): id is string => run.children.some(({ task }) => task.id === id);

/** Ended, and without what it was to bring. */
export const isLost = ({ status }: Child): boolean => status === 'failed' || status === 'skipped';

/** The task that failed although another one said that everything ends then. */
export const fatalLoss = (run: Run): Child | undefined => {
  const fatal = new Set(
    run.children.flatMap(({ task }) =>
      task.depends_on.flatMap((edge) => (edge.policy === 'fail_fast' ? [edge.task] : [])),
    ),
  );
  return fatal.size === 0 ? undefined : run.children.find((child) => fatal.has(child.task.id) && isLost(child));
};

/** All tasks have ended: none completed, or one failed that ends everything. */
export const hasNothingToMerge = (run: Run): boolean =>
  isParent(run) && !awaitsChildren(run) && (fatalLoss(run) !== undefined || completedChildren(run).length === 0);

/** `T3 failed: the tests are red`. */
export const lossOf = ({ task, status, outcome, reason }: Child): string =>
  `${task.id} ${status === 'skipped' ? 'was skipped' : outcome === 'failed' ? 'failed' : `was ${outcome}`}${reason ? `: ${reason}` : ''}`;

type Edge = Task['depends_on'][number];

/** The edges of a task with what they lead to. */
export const dependenciesOf = (run: Run, { task }: Child): readonly { readonly edge: Edge; readonly on: Child }[] =>
  task.depends_on.flatMap((edge) => {
    const on = run.children.find((child) => child.task.id === edge.task);
    return on ? [{ edge, on }] : [];
  });
