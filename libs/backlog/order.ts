import type { Item } from './state.ts';

/** What a task's place in the order is made of; each part is 0 to 1, and the weights add up to 1. */
const WEIGHTS = { priority: 0.35, unblocks: 0.25, value: 0.2, readiness: 0.2 } as const;

/** A task among the others. */
export interface Rank {
  readonly id: string;
  /** 0 to 1. */
  readonly score: number;
  /** Tasks still to be done that wait for this one, directly or through others. */
  readonly unblocks: number;
  /** Dependencies that are not done. */
  readonly waitsFor: readonly string[];
}

/** Dependents of each task among those still to be done. */
const dependentsOf = (items: readonly Item[]): ReadonlyMap<string, readonly string[]> => {
  const dependents = new Map<string, string[]>();
  for (const { id, depends_on } of items)
    for (const other of new Set(depends_on)) dependents.set(other, [...(dependents.get(other) ?? []), id]);
  return dependents;
};

const countBehind = (id: string, dependents: ReadonlyMap<string, readonly string[]>): number => {
  const behind = new Set<string>();
  const walk = [id];
  for (let at = walk.pop(); at !== undefined; at = walk.pop())
    for (const next of dependents.get(at) ?? []) {
      if (next === id || behind.has(next)) continue;
      behind.add(next);
      walk.push(next);
    }
  return behind.size;
};

/** How well a task says when it is done: by checks that run, by words, or not at all. */
const definitionOf = ({ plan, acceptance }: Item): number => {
  if (plan !== null || acceptance.some(({ verification }) => verification !== undefined)) return 1;
  return acceptance.length > 0 ? 0.5 : 0;
};

/** Half of it is what the task waits for, half is how well it says what is asked. */
const readinessOf = (item: Item, waitsFor: readonly string[]): number => {
  const dependencies = new Set(item.depends_on).size;
  const free = dependencies === 0 ? 1 : 1 - waitsFor.length / dependencies;
  return (free + definitionOf(item)) / 2;
};

/** 1 of 5 is the most urgent priority; 5 of 5 is the highest value. */
const upTo5 = (value: number): number => (value - 1) / 4;

const byNumber = (a: Rank, b: Rank): number => Number(a.id.slice(1)) - Number(b.id.slice(1));

/** All tasks that are not done, the most worthwhile first; of equals, the older. */
export const rankTasks = (items: readonly Item[]): readonly Rank[] => {
  const left = items.filter(({ status }) => status !== 'done');
  const leftIds = new Set(left.map(({ id }) => id));
  const dependents = dependentsOf(left);
  const behind = new Map(left.map(({ id }) => [id, countBehind(id, dependents)]));
  const most = Math.max(1, ...behind.values());
  return left
    .map((item): Rank => {
      const waitsFor = [...new Set(item.depends_on)].filter((other) => leftIds.has(other));
      const unblocks = behind.get(item.id) ?? 0;
      const score =
        WEIGHTS.priority * upTo5(6 - item.priority) +
        WEIGHTS.unblocks * (unblocks / most) +
        WEIGHTS.value * upTo5(item.value) +
        WEIGHTS.readiness * readinessOf(item, waitsFor);
      // Sums of fractions differ in their last digits; what is equal must tie.
      return { id: item.id, score: Math.round(score * 1e6) / 1e6, unblocks, waitsFor };
    })
    .sort((a, b) => b.score - a.score || byNumber(a, b));
};

/** Open tasks that wait for nothing, the best first. */
export const nextTasks = (items: readonly Item[]): readonly string[] => {
  const open = new Set(items.filter(({ status }) => status === 'open').map(({ id }) => id));
  return rankTasks(items)
    .filter(({ id, waitsFor }) => open.has(id) && waitsFor.length === 0)
    .map(({ id }) => id);
};

/**
 * Open tasks that one run can do: the best that can begin, then what can begin after those, and so on. What waits for a
 * task that failed, or that another run has, is left out.
 */
export const tasksForRun = (items: readonly Item[], max = Number.POSITIVE_INFINITY): readonly string[] => {
  const byId = new Map(items.map((item) => [item.id, item]));
  const settled = new Set(items.filter(({ status }) => status === 'done').map(({ id }) => id));
  const ranked = rankTasks(items).flatMap(({ id }) => byId.get(id) ?? []);
  const chosen: string[] = [];
  while (chosen.length < max) {
    const next = ranked.find(
      ({ id, status, depends_on }) =>
        status === 'open' && !settled.has(id) && depends_on.every((other) => settled.has(other)),
    );
    if (!next) break;
    chosen.push(next.id);
    settled.add(next.id);
  }
  return chosen;
};

/** These tasks and every open one that they wait for, in an order in which they can be done. */
export const tasksWithDependencies = (items: readonly Item[], wanted: readonly string[]): readonly string[] => {
  const byId = new Map(items.map((item) => [item.id, item]));
  const needed = new Set<string>();
  const walk = [...wanted];
  for (let at = walk.pop(); at !== undefined; at = walk.pop()) {
    const item = byId.get(at);
    if (!item || item.status === 'done' || needed.has(at)) continue;
    needed.add(at);
    walk.push(...item.depends_on);
  }
  return tasksForRun(items.filter(({ id, status }) => status === 'done' || needed.has(id)));
};
