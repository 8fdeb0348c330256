import type { BacklogDocument, BacklogTask, TaskStatus } from '#contracts';
import { nextTasks, type Rank, rankTasks } from './order.ts';
import type { BacklogState, Item } from './state.ts';

const STATUSES = ['open', 'taken', 'running', 'done', 'failed'] as const satisfies readonly TaskStatus[];

const taskDocument = (item: Item, rank: Rank | undefined): BacklogTask => {
  const { plan, run: _run, drawn: _drawn, ...task } = item;
  return {
    ...task,
    depends_on: [...task.depends_on],
    planned: plan !== null,
    score: rank?.score ?? 0,
    unblocks: rank?.unblocks ?? 0,
    waits_for: [...(rank?.waitsFor ?? [])],
  };
};

/** A backlog as it goes out: what is left to do first, in its order, then what is done. */
export const backlogDocument = (id: string, workspace: string, state: BacklogState): BacklogDocument => {
  const items = new Map(state.items.map((item) => [item.id, item]));
  const ranks = rankTasks(state.items);
  const left = ranks.flatMap((rank) => {
    const item = items.get(rank.id);
    return item ? [taskDocument(item, rank)] : [];
  });
  const done = state.items.filter(({ status }) => status === 'done').map((item) => taskDocument(item, undefined));
  const count = (status: TaskStatus) => state.items.filter((item) => item.status === status).length;
  return {
    id,
    workspace,
    version: state.head.version,
    updated_at: state.updatedAt,
    epics: [...state.epics],
    features: [...state.features],
    tasks: [...left, ...done],
    next: [...nextTasks(state.items)],
    counts: Object.fromEntries(STATUSES.map((status) => [status, count(status)])) as Record<TaskStatus, number>, // all of them
  };
};
