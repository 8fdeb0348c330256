import type { Role } from '#contracts';
import { currentInvocation, openInteraction, openInteractions, type State } from './run.ts';

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
    }
  /** Whoever is to be told has been told, at least once: that this interaction waits, or how the run ended. */
  | { readonly do: 'notify'; readonly hook: 'waiting'; readonly about: string }
  | { readonly do: 'notify'; readonly hook: 'completed' | 'failed'; readonly about: 'end' };

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

/** A task of another run ends for that run alone; a person who is needed is needed anywhere. */
const notify = (state: State): readonly Wish[] => {
  if (state.lifecycle === 'absent') return [];
  if (state.lifecycle === 'live')
    return openInteractions(state).map(({ id }) => ({ do: 'notify', hook: 'waiting', about: id }));
  if (state.submission.parent) return [];
  return [{ do: 'notify', hook: state.outcome.kind === 'completed' ? 'completed' : 'failed', about: 'end' }];
};

export const react = (state: State): readonly Wish[] => [...run(state), ...point(state), ...notify(state)];

const deadlinesMs = (state: State): readonly number[] =>
  state.lifecycle === 'live'
    ? openInteractions(state).flatMap(({ deadline }) => (deadline === null ? [] : [Date.parse(deadline)]))
    : [];

/** True when somebody was to answer by now: the command `time_out` decides what follows. */
export const isOverdue = (state: State, nowMs: number): boolean =>
  deadlinesMs(state).some((deadline) => deadline <= nowMs);

/** The next moment at which time alone changes what is wished, milliseconds since 1970, or `null`. */
export const dueMs = (state: State): number | null => {
  const times = [
    ...run(state).flatMap((wish) => (wish.do === 'run' && wish.notBefore ? [Date.parse(wish.notBefore)] : [])),
    ...deadlinesMs(state),
  ];
  return times.length > 0 ? Math.min(...times) : null;
};
