import type { Change } from '../context.ts';
import { type Child, type Failure, presentFailures, type Run, updateCurrent } from '../run.ts';
import { builtOn } from './bases.ts';
import { isTask } from './family.ts';

/** How often it was done again because its work did not merge. */
const timesRedone = (run: Run, task: string): number =>
  presentFailures(run).filter(({ step, recovery }) => step === task && recovery?.action === 'replan').length;

/** The task that a failure is about, as its work could not be merged; `null` for any other failure. */
export const taskOf = (run: Run, { step, category }: Pick<Failure, 'step' | 'category'>): string | null =>
  isTask(run, step) && category === 'design_flaw' ? step : null;

export const canRedo = (run: Run, task: string): boolean => timesRedone(run, task) < run.submission.policy.replans;

const again: Partial<Child> = {
  status: 'pending',
  outcome: null,
  reason: null,
  base: null,
  commit: null,
  merged: null,
};

/** A task, and whatever was built on it, is to be done again on the tree that is merged so far. */
const redo = (run: Run, task: string, hint: string | null): Pick<Run, 'children'> => {
  const others = new Set(builtOn(run, task));
  return {
    children: run.children.map((child) => {
      if (child.task.id === task) return { ...child, ...again, hint: hint ?? child.hint };
      return others.has(child.task.id) ? { ...child, ...again } : child;
    }),
  };
};

/** The same, and whoever was merging waits until it is done. */
export const mergeLater = (run: Run, task: string, hint: string | null = null): Change => ({
  ...redo(run, task, hint),
  wanted: { reason: 'replan', hint: null },
  invocations: updateCurrent(run, { status: 'pending', lease: null }),
});

/** A task that had ended is given up: what was built on it has to do without. */
export const giveUp = (run: Run, task: string, reason: string): Pick<Run, 'children'> => ({
  children: redo(run, task, null).children.map((child) =>
    child.task.id === task ? { ...child, status: 'skipped' as const, reason } : child,
  ),
});

/** A task that was lost, to be tried as if it had never begun. */
export const untried = (child: Child): Child => ({ ...child, ...again });
