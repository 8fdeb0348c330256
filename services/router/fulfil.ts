import { react, type State, type Wish } from '#domain';
import type { WorkQueues } from '#queues';

export type PointBranch = (wish: Extract<Wish, { do: 'point' }>) => Promise<void>;

/** Sees to it that somebody is told; at once, whatever the telling takes. */
export type Notify = (wish: Extract<Wish, { do: 'notify' }>, id: string) => Promise<void>;

export interface FulfilOptions {
  readonly queues: WorkQueues;
  /** Moves a branch in the repository of a workspace, where this host has it. */
  readonly pointBranch: PointBranch;
  readonly notify: Notify;
  readonly now: () => Date;
}

/** `add` trusts what this process remembers; `ensure` looks at the queue first. */
type How = 'add' | 'ensure';

/** Orders whose jobs this process has added, so that a hint that comes twice costs nothing. */
const REMEMBERED = 10_000;

const remember = (orders: Map<string, number>, id: string, dispatch: number): void => {
  orders.set(id, dispatch);
  const oldest = orders.size > REMEMBERED ? orders.keys().next().value : undefined;
  if (oldest !== undefined) orders.delete(oldest);
};

/** Makes true what a state asks for. Any number of processes may do so for one state, at any time. */
export const createFulfil = ({ queues, pointBranch, notify, now }: FulfilOptions) => {
  const ordered = new Map<string, number>();
  const branches = new Map<string, string>();

  const isDue = (notBefore: string | null): boolean => notBefore === null || notBefore <= now().toISOString();

  const point = async (wish: Extract<Wish, { do: 'point' }>, id: string): Promise<void> => {
    if (branches.get(id) === wish.commit) return;
    await pointBranch(wish);
    branches.set(id, wish.commit);
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

  const grant = (wish: Wish, id: string, how: How): Promise<void> => {
    switch (wish.do) {
      case 'run':
        return order(wish, id, how);
      case 'point':
        return point(wish, id);
      case 'notify':
        return notify(wish, id);
    }
  };

  return async (id: string, state: State, how: How = 'add'): Promise<void> => {
    for (const wish of react(state)) await grant(wish, id, how);
    if (state.lifecycle !== 'ended') return;
    ordered.delete(id);
    branches.delete(id);
  };
};
export type Fulfil = ReturnType<typeof createFulfil>;
