import { gitUrlOf, type Role } from '#contracts';
import { type ChildWish, tendChildren } from './children/tend-children.ts';
import { currentInvocation, isHeldUp, openInteractions, type Run, type State } from './run.ts';
import { openAssignment } from './work/find-work.ts';

/** What should be so, given the facts. Asked for again at any time, after any loss, it is the same. */
export type Wish =
  | ChildWish
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
  /** These commits of another run cannot be collected, whatever becomes of that run. */
  | { readonly do: 'keep'; readonly root: string; readonly commits: readonly string[] }
  /** Whoever is to be told has been told, at least once: that this interaction or this work waits, or how the run ended. */
  | { readonly do: 'notify'; readonly hook: 'waiting'; readonly about: string }
  | { readonly do: 'notify'; readonly hook: 'completed' | 'failed'; readonly about: 'end' }
  /** The backlog of the workspace knows how far this run and its tasks are. */
  | { readonly do: 'backlog' };

const run = (state: State): readonly Wish[] => {
  if (state.lifecycle !== 'live' || state.paused || isHeldUp(state) || openAssignment(state)) return [];
  const current = currentInvocation(state);
  if (current?.status !== 'active' || current.dispatch === null) return [];
  const { role, dispatch, notBefore } = current;
  return [{ do: 'run', role, dispatch, notBefore, priority: state.submission.priority }];
};

/** Every verified head that the branch may have stood at. */
export const verifiedHeads = ({ steps, children, checkpoints, past }: Run): readonly string[] =>
  [
    ...steps.map((step) => step.commit),
    ...children.map(({ merged }) => merged),
    ...checkpoints.map(({ commit }) => commit),
    ...past.commits,
  ].flatMap((commit) => commit ?? []);

/** A server shows its branches to a whole team, and builds what is pushed to them: those of tasks it is not given. */
const hasBranch = ({ workspace, submission }: Run): boolean =>
  workspace !== null && (submission.parent === null || gitUrlOf(workspace.root) === null);

/** While a run goes on, its branch follows the checkpoints, back too; at the end, the last verified commit. */
const point = (state: State): readonly Wish[] => {
  if (state.lifecycle === 'absent' || !state.workspace || state.landed === 'discarded') return [];
  if (!hasBranch(state)) return [];
  const { root, branch, base } = state.workspace;
  const commit = state.lifecycle === 'ended' ? state.commit : state.tip;
  const from = [...new Set(verifiedHeads(state))].filter((other) => other !== commit);
  // Nothing to show, unless the branch has to come back to the base from what was left behind.
  if (commit === null || (commit === base && state.past.commits.length === 0)) return [];
  return [{ do: 'point', root, branch, commit, from }];
};

/** A fork asks nothing of the run that it comes from: what it may go back to is kept for itself. */
const keep = (state: State): readonly Wish[] => {
  if (state.lifecycle === 'absent' || !state.forkedFrom || !state.workspace || state.landed === 'discarded') return [];
  const { commits } = state.forkedFrom;
  return commits.length > 0 ? [{ do: 'keep', root: state.workspace.root, commits }] : [];
};

/** A task of another run ends for that run alone; a person who is needed is needed anywhere. */
const notify = (state: State): readonly Wish[] => {
  if (state.lifecycle === 'absent') return [];
  if (state.lifecycle === 'live')
    return [...openInteractions(state), ...[openAssignment(state) ?? []].flat()].map(({ id }) => ({
      do: 'notify',
      hook: 'waiting',
      about: id,
    }));
  if (state.submission.parent) return [];
  return [{ do: 'notify', hook: state.outcome.kind === 'completed' ? 'completed' : 'failed', about: 'end' }];
};

/** What is decomposed is in the backlog of its workspace, and a backlog knows how its tasks end. */
const tellBacklog = (state: State): readonly Wish[] => {
  if (state.lifecycle === 'absent' || state.forkedFrom !== null || state.submission.workspace === null) return [];
  return state.submission.backlog !== null || state.map !== null ? [{ do: 'backlog' }] : [];
};

export const react = (state: State): readonly Wish[] => [
  ...run(state),
  ...tendChildren(state),
  ...keep(state),
  ...point(state),
  ...notify(state),
  ...tellBacklog(state),
];

const deadlinesMs = (state: State): readonly number[] => {
  if (state.lifecycle !== 'live') return [];
  const work = openAssignment(state);
  const times = [...openInteractions(state).map(({ deadline }) => deadline), work?.deadline, work?.holder?.until];
  return times.flatMap((time) => (time ? [Date.parse(time)] : []));
};

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
