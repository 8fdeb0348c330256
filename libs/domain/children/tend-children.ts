import type { Run, State } from '../run.ts';
import { fatalLoss, runningChildren } from './family.ts';

/** What a parent wants of the run of one of its tasks. */
export interface ChildWish {
  readonly do: 'child';
  readonly child: string;
  readonly task: string;
  /** Submitted if it is not there yet, and then: left alone, held up with its parent, or ended. */
  readonly as: 'running' | 'paused' | 'aborted';
}

const wanted = (run: Run): ChildWish['as'] => {
  if (run.aborting || fatalLoss(run)) return 'aborted';
  return run.paused ? 'paused' : 'running';
};

/** Asked for until the end of the task is a fact of the parent. */
export const tendChildren = (state: State): readonly ChildWish[] =>
  state.lifecycle !== 'live'
    ? []
    : runningChildren(state).flatMap(({ id, task }) =>
        id === null ? [] : [{ do: 'child', child: id, task: task.id, as: wanted(state) }],
      );

/** Whether the parent still counts on this run of a task. One that it does not know any more works for nobody. */
export const countsOn = (parent: State, child: string): boolean =>
  tendChildren(parent).some((wish) => wish.child === child);
