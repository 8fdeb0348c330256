import { type Child, currentInvocation, type Run } from '../run.ts';
import { buildsOn } from './bases.ts';
import { hasNothingToMerge, isLost, isRunning } from './family.ts';
import { untried } from './redo.ts';
import { whySkip } from './start-child.ts';

/** What becomes of tasks when their run goes back, or parts from another one. */

/** Its run was under way then, and is known to have ended since without what it was to bring. */
const wasLostSince = (child: Child, known: Child): boolean =>
  isRunning(child) && known.id === child.id && isLost(known);

/** A task that runs now goes on as its own run; one that is to be done again gets another run than before. */
const restored = (child: Child, known: Child | undefined): Child => {
  if (!known) return child;
  if (wasLostSince(child, known)) return { ...untried(child), try: known.try };
  if (child.status !== 'pending') return child;
  return isRunning(known) ? known : { ...child, try: known.try };
};

/** The tasks as they were then, given what is known of them now. Whoever runs on work that is to be done again begins again, too. */
export const childrenAgain = (saved: readonly Child[], now: Run): readonly Child[] => {
  const knownOf = ({ task }: Child) => now.children.find((child) => child.task.id === task.id);
  const children = saved.map((child) => restored(child, knownOf(child)));
  const undone = children.flatMap((child) => (child.status === 'pending' ? (knownOf(child)?.commit ?? []) : []));
  return children.map((child) =>
    isRunning(child) && undone.some((commit) => buildsOn(now, child, commit)) ? untried(child) : child,
  );
};

/** The run once every task that can never begin is given up. */
const withoutHopeless = (run: Run): Run => {
  const isHopeless = (child: Child): boolean => child.status === 'pending' && whySkip(run, child) !== null;
  if (!run.children.some(isHopeless)) return run;
  const children = run.children.map((child) => (isHopeless(child) ? { ...child, status: 'skipped' as const } : child));
  return withoutHopeless({ ...run, children });
};

/** From here the run would only end: what is left to go on with are the tasks that were lost. */
const hasOnlyLosses = (run: Run): boolean =>
  run.children.some(isLost) && (hasNothingToMerge(withoutHopeless(run)) || currentInvocation(run) === undefined);

/** The tasks to go on with: those that were lost are tried again where there is nothing else. */
export const withLossesAgain = (run: Run): readonly Child[] =>
  hasOnlyLosses(run) ? run.children.map((child) => (isLost(child) ? untried(child) : child)) : run.children;
