import type { Role } from '#contracts';
import { currentInvocation, openInteraction, type State } from './run.ts';

/** What should be so, given the facts. Asked for again at any time, after any loss, it is the same. */
export type Wish =
  /** A job `<orchestration>-<dispatch>` on the role's queue, from `notBefore` on. */
  | {
      readonly do: 'run';
      readonly role: Role;
      readonly dispatch: number;
      readonly priority: number;
      readonly notBefore: string | null;
    }
  /** The branch stands at this verified commit. It may be moved from any commit of `from`, or made; nothing else. */
  | {
      readonly do: 'point';
      readonly root: string;
      readonly branch: string;
      readonly commit: string;
      readonly from: readonly string[];
    };

const run = (state: State): readonly Wish[] => {
  if (state.lifecycle !== 'live' || state.paused || openInteraction(state)) return [];
  const current = currentInvocation(state);
  if (current?.status !== 'active' || current.dispatch === null) return [];
  const { role, dispatch, notBefore } = current;
  return [{ do: 'run', role, dispatch, notBefore, priority: state.submission.priority }];
};

/** While a run goes on, its branch follows the checkpoints; at the end, the last verified commit. */
const point = (state: State): readonly Wish[] => {
  if (state.lifecycle === 'absent' || !state.workspace || state.landed === 'discarded') return [];
  const { root, branch, base } = state.workspace;
  const commit = state.lifecycle === 'ended' ? state.commit : (state.checkpoints.at(-1)?.commit ?? null);
  if (commit === null || commit === base) return [];
  const from = state.steps.flatMap((step) => (step.commit && step.commit !== commit ? [step.commit] : []));
  return [{ do: 'point', root, branch, commit, from }];
};

export const react = (state: State): readonly Wish[] => [...run(state), ...point(state)];

/** The next moment at which time alone changes what is wished, milliseconds since 1970, or `null`. */
export const dueMs = (state: State): number | null => {
  const times = react(state).flatMap((wish) =>
    wish.do === 'run' && wish.notBefore ? [Date.parse(wish.notBefore)] : [],
  );
  return times.length > 0 ? Math.min(...times) : null;
};
