import type { EventOf } from '#events';
import { type Context, fact } from '../context.ts';
import type { Child, Live, Run } from '../run.ts';
import { basesOf } from './bases.ts';
import { childIdOf } from './child-id.ts';
import { dependenciesOf, fatalLoss, isLost, isRunning, lossOf, runningChildren } from './family.ts';
import { shareFiles } from './share-files.ts';

/** Rule: every edge lets it through. What it waits for has completed, or at least ended where failing is ignored. */
const isReady = (run: Run, child: Child): boolean =>
  child.status === 'pending' &&
  dependenciesOf(run, child).every(
    ({ edge, on }) => on.status === 'completed' || (edge.policy === 'ignore_failed' && isLost(on)),
  );

/** The first task, in the order given, that may begin now. */
const nextToStart = (run: Run): Child | undefined => {
  const running = runningChildren(run);
  if (running.length >= run.childrenAtOnce) return undefined;
  return run.children.find((child) => isReady(run, child) && !running.some(({ task }) => shareFiles(child.task, task)));
};

/** Starts a task as a run of its own, when there is room and nothing stands against it. */
export const startChild = (run: Live, { now }: Context): EventOf<'child.started'> | null => {
  if (run.paused || fatalLoss(run)) return null;
  const next = nextToStart(run);
  if (!next) return null;
  const number = next.try + 1;
  const version = run.head.version + 1;
  return fact('child.started', {
    task: next.task.id,
    child: childIdOf({ parent: run.id, task: next.task.id, try: number, version, time: now }),
    try: number,
    bases: [...basesOf(run, next)],
  });
};

/** Why a task that has not begun never will, or `null`. */
export const whySkip = (run: Run, child: Child): string | null => {
  const fatal = fatalLoss(run);
  if (fatal) return `everything ends, because ${lossOf(fatal)}`;
  const lost = dependenciesOf(run, child).find(({ edge, on }) => edge.policy !== 'ignore_failed' && isLost(on));
  return lost ? lossOf(lost.on) : null;
};

/** Gives up a task that can never begin. */
export const skipChild = (run: Live): EventOf<'child.skipped'> | null => {
  for (const child of run.children) {
    if (child.status !== 'pending') continue;
    const reason = whySkip(run, child);
    if (reason !== null) return fact('child.skipped', { task: child.task.id, reason });
  }
  // Only tasks that wait for each other in a circle get here: whatever else is pending can start, or waits for one that can.
  const first = run.children.find(({ status }) => status === 'pending');
  return first && !run.children.some(isRunning) && !run.children.some((child) => isReady(run, child))
    ? fact('child.skipped', { task: first.task.id, reason: 'it depends on itself' })
    : null;
};
