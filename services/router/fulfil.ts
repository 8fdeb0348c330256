import { type ChildWish, currentInvocation, react, type State, type Wish } from '#domain';
import type { WorkQueues } from '#queues';
import type { Allowance } from './allowance.ts';
import type { FollowBacklog } from './follow-backlog.ts';
import type { TendTasks } from './tend-tasks.ts';

type Live = Extract<State, { lifecycle: 'live' }>;

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
  readonly keepFiles: (state: State) => Promise<void>;
  readonly followBacklog: FollowBacklog;
  readonly tasks: TendTasks;
  readonly allowance: Allowance;
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

/**
 * Does for each key what was not done for it yet. Who asks while it is being done waits for that: an entry of the feed may
 * only be acknowledged once what it asks for is done, since of a run that has ended nobody asks again.
 */
const createOnce = <T>(covers: (known: T, what: T) => boolean = Object.is) => {
  const asked = new Map<string, { readonly what: T; readonly done: Promise<unknown> }>();
  return {
    do: async (key: string, what: T, how: How, work: () => Promise<unknown>): Promise<void> => {
      const known = asked.get(key);
      if (how === 'add' && known && covers(known.what, what)) return void (await known.done);
      const entry = { what, done: work() };
      remember(asked, key, entry);
      try {
        await entry.done;
      } catch (error) {
        if (asked.get(key) === entry) asked.delete(key);
        throw error;
      }
    },
    forget: (key: string): void => void asked.delete(key),
  };
};

/** Of two versions of one stream: whoever was told of the newer one comes too late with the older one. */
const isAtLeast = (known: number, version: number): boolean => known >= version;

/** Sends somebody to work, once, when it is time and there is money for it. */
const createOrder = (
  { queues, allowance, now }: Pick<FulfilOptions, 'queues' | 'allowance' | 'now'>,
  orders: ReturnType<typeof createOnce<number>>,
) => {
  /** Whoever is at work already was granted what it spends; all others wait until there is money for them. */
  const mayRun = async (run: Live): Promise<boolean> =>
    Boolean(currentInvocation(run)?.lease) || (await allowance.grant(run));

  return async (wish: Extract<Wish, { do: 'run' }>, run: Live, how: How): Promise<void> => {
    const { role, dispatch, priority, notBefore } = wish;
    if (notBefore !== null && notBefore > now().toISOString()) return;
    const { id } = run;
    await orders.do(id, dispatch, how, async () => {
      if (await mayRun(run)) await queues[how]({ orchestration: id, role, dispatch, priority });
      else orders.forget(id);
    });
  };
};

/** Makes true what a state asks for. Any number of processes may do so for one state, at any time. */
export const createFulfil = (options: FulfilOptions) => {
  const { pointBranch, keepCommits, notify, followBacklog, tasks, allowance } = options;
  const states = createOnce(isAtLeast);
  const orders = createOnce(isAtLeast);
  const branches = createOnce<string>();
  const tended = createOnce<ChildWish['as']>();
  const kept = createOnce<true>();

  const order = createOrder(options, orders);

  const tend = async (wish: ChildWish, parent: State, how: How): Promise<void> => {
    if (parent.lifecycle !== 'live') return;
    await tended.do(wish.child, wish.as, how, () => tasks.tend(wish, parent));
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
        return state.lifecycle === 'live' ? order(wish, state, how) : Promise.resolve();
      case 'point':
        return branches.do(id, wish.commit, 'add', () => pointBranch(wish));
      case 'keep':
        return kept.do(id, true, 'add', () => keepCommits(wish, id));
      case 'notify':
        return notify(wish, id);
      case 'child':
        return tend(wish, state, how);
      case 'backlog':
        return followBacklog(id, state);
    }
  };

  const bringAbout = async (id: string, state: State, how: How): Promise<void> => {
    // None waits for another: a branch that cannot be moved does not keep a task from its parent.
    const done = await Promise.allSettled([
      ...react(state).map((wish) => grant(wish, id, state, how)),
      report(state, how),
      allowance.keep(state),
      options.keepFiles(state),
    ]);
    const failed = done.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    if (state.lifecycle !== 'ended') return;
    for (const { forget } of [orders, branches, tended]) forget(id);
  };

  /** What this process stored itself it is told of again by the feed. */
  return (id: string, state: State, how: How = 'add'): Promise<void> =>
    states.do(id, state.head.version, how, () => bringAbout(id, state, how));
};
export type Fulfil = ReturnType<typeof createFulfil>;
