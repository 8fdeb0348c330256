import { react, type State, type Wish } from '#domain';
import type { WorkQueues } from '#queues';

export type PointBranch = (wish: Extract<Wish, { do: 'point' }>) => Promise<void>;

export interface FulfilOptions {
  readonly queues: WorkQueues;
  /** Moves a branch in the repository of a workspace, where this host has it. */
  readonly pointBranch: PointBranch;
  readonly now: () => Date;
}

/** Orders whose jobs this process has added, so that a hint that comes twice costs nothing. */
const REMEMBERED = 10_000;

const remember = (orders: Map<string, number>, id: string, dispatch: number): void => {
  orders.set(id, dispatch);
  const oldest = orders.size > REMEMBERED ? orders.keys().next().value : undefined;
  if (oldest !== undefined) orders.delete(oldest);
};

/** Makes true what a state asks for. Any number of processes may do so for one state, at any time. */
export const createFulfil = ({ queues, pointBranch, now }: FulfilOptions) => {
  const ordered = new Map<string, number>();
  const branches = new Map<string, string>();

  const isDue = (notBefore: string | null): boolean => notBefore === null || notBefore <= now().toISOString();

  const fulfil = async (wish: Wish, id: string, how: 'add' | 'ensure'): Promise<void> => {
    if (wish.do === 'point') {
      if (branches.get(id) === wish.commit) return;
      await pointBranch(wish);
      branches.set(id, wish.commit);
      return;
    }
    if (!isDue(wish.notBefore)) return;
    const { role, dispatch, priority } = wish;
    const order = { orchestration: id, role, dispatch, priority };
    if (how === 'add' && ordered.get(id) === dispatch) return;
    remember(ordered, id, dispatch);
    try {
      await (how === 'ensure' ? queues.ensure(order) : queues.add(order));
    } catch (error) {
      ordered.delete(id);
      throw error;
    }
  };

  return async (id: string, state: State, how: 'add' | 'ensure' = 'add'): Promise<void> => {
    for (const wish of react(state)) await fulfil(wish, id, how);
    if (state.lifecycle !== 'ended') return;
    ordered.delete(id);
    branches.delete(id);
  };
};
export type Fulfil = ReturnType<typeof createFulfil>;
