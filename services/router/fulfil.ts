import { type ChildWish, react, type State, type Wish } from '#domain';
import type { WorkQueues } from '#queues';
import type { FollowBacklog } from './follow-backlog.ts';
import type { TendTasks } from './tend-tasks.ts';

export type PointBranch = (wish: Extract<Wish, { do: 'point' }>) => Promise<void>;

/** Keeps commits for a run, under its own name, in the repository of a workspace, where this host has it. */
export type KeepCommits = (wish: Extract<Wish, { do: 'keep' }>, id: string) => Promise<void>;

/** Sees to it that somebody is told; at once, whatever the telling takes. */
export type Notify = (wish: Extract<Wish, { do: 'notify' }>, id: string) => Promise<void>;

export interface FulfilOptions {
  readonly queues: WorkQueues;
  /** Moves a branch in the repository of a workspace, where this host has it. */
  readonly pointBranch: PointBranch;
  readonly keepCommits: KeepCommits;
  readonly notify: Notify;
  readonly followBacklog: FollowBacklog;
  readonly tasks: TendTasks;
  readonly now: () => Date;
}

/** `add` trusts what this process remembers; `ensure` looks at the queue first. */
type How = 'add' | 'ensure';

/** Orders whose jobs this process has added, so that a hint that comes twice costs nothing. */
const REMEMBERED = 10_000;

const remember = <T>(orders: Map<string, T>, id: string, order: T): void => {
  orders.set(id, order);
  const oldest = orders.size > REMEMBERED ? orders.keys().next().value : undefined;
  if (oldest !== undefined) orders.delete(oldest);
};

/** Makes true what a state asks for. Any number of processes may do so for one state, at any time. */
export const createFulfil = (options: FulfilOptions) => {
  const { queues, pointBranch, keepCommits, notify, followBacklog, tasks, now } = options;
  const ordered = new Map<string, number>();
  const branches = new Map<string, string>();
  const tended = new Map<string, ChildWish['as']>();
  const kept = new Map<string, true>();

  const isDue = (notBefore: string | null): boolean => notBefore === null || notBefore <= now().toISOString();

  const point = async (wish: Extract<Wish, { do: 'point' }>, id: string): Promise<void> => {
    if (branches.get(id) === wish.commit) return;
    await pointBranch(wish);
    branches.set(id, wish.commit);
  };

  const keep = async (wish: Extract<Wish, { do: 'keep' }>, id: string): Promise<void> => {
    if (kept.has(id)) return;
    await keepCommits(wish, id);
    remember(kept, id, true);
  };

  const order = async (wish: Extract<Wish, { do: 'run' }>, id: string, how: How): Promise<void> => {
    const { role, dispatch, priority, notBefore } = wish;
    if (!isDue(notBefore) || (how === 'add' && ordered.get(id) === dispatch)) return;
    remember(ordered, id, dispatch);
    try {
      await queues[how]({ orchestration: id, role, dispatch, priority });
    } catch (error) {
      ordered.delete(id);
      throw error;
    }
  };

  const tend = async (wish: ChildWish, parent: State, how: How): Promise<void> => {
    if (parent.lifecycle !== 'live' || (how === 'add' && tended.get(wish.child) === wish.as)) return;
    remember(tended, wish.child, wish.as);
    try {
      await tasks.tend(wish, parent);
    } catch (error) {
      tended.delete(wish.child);
      throw error;
    }
  };

  /** A task that has ended is told to its parent; a task is only worth its work while its parent counts on it. */
  const report = async (child: State, how: How): Promise<void> => {
    if (child.lifecycle === 'absent' || !child.submission.parent) return;
    if (child.lifecycle === 'ended') await tasks.tell(child);
    else if (how === 'ensure') await tasks.disown(child);
  };

  const grant = (wish: Wish, id: string, state: State, how: How): Promise<void> => {
    switch (wish.do) {
      case 'run':
        return order(wish, id, how);
      case 'point':
        return point(wish, id);
      case 'keep':
        return keep(wish, id);
      case 'notify':
        return notify(wish, id);
      case 'child':
        return tend(wish, state, how);
      case 'backlog':
        return followBacklog(id, state);
    }
  };

  return async (id: string, state: State, how: How = 'add'): Promise<void> => {
    // None waits for another: a branch that cannot be moved does not keep a task from its parent.
    const done = await Promise.allSettled([
      ...react(state).map((wish) => grant(wish, id, state, how)),
      report(state, how),
    ]);
    const failed = done.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    if (state.lifecycle !== 'ended') return;
    ordered.delete(id);
    tended.delete(id);
    branches.delete(id);
  };
};
export type Fulfil = ReturnType<typeof createFulfil>;
