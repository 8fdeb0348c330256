import type { Redis } from 'ioredis';
import type { ListPage, ListQuery, ListRow, Role } from '#contracts';
import { viewKeys } from './keys.ts';
import { decodeCursor, encodeCursor, type Place, readPages } from './pages.ts';
import { labelIndex, StoredRow } from './row.ts';

/** What a list knows beside the view, to say the same of a wait as `why` does. */
export interface Outside {
  readonly nowMs: number;
  /** Live workers a role. */
  readonly workers: Readonly<Record<Role, number>>;
  /** Streams that were set aside. */
  readonly quarantined: ReadonlySet<string>;
}

type WaitKind = NonNullable<ListRow['wait']>;

/** Stored waits that may look like this one from outside. Anything live may have been set aside. */
const STORED_AS: Readonly<Partial<Record<WaitKind, readonly WaitKind[]>>> = {
  queued: ['queued', 'due'],
  no_worker: ['queued', 'due'],
};

/** How a wait looks from outside: what the projector, which looks at the log alone, could not know. */
const seen = ({ row, role, until }: StoredRow, outside: Outside): ListRow => {
  if (row.wait === null) return row;
  if (outside.quarantined.has(row.id)) return { ...row, wait: 'quarantined' };
  const isOrdered = row.wait === 'queued' || (row.wait === 'due' && Date.parse(until ?? '') <= outside.nowMs);
  if (!isOrdered) return row;
  return { ...row, wait: role !== null && outside.workers[role] === 0 ? 'no_worker' : 'queued' };
};

const fits = (row: ListRow, { status, wait, label, since }: ListQuery): boolean =>
  (status === undefined || row.status === status) &&
  (wait === undefined || row.wait === wait) &&
  (label === undefined || Object.entries(row.labels).some(([key, value]) => `${key}=${value}` === label)) &&
  (since === undefined || Date.parse(row.created_at) >= Date.parse(since));

/** Groups of indexes, one a condition: what fits is in one index of each group. */
const conditions = ({ status, wait, label }: ListQuery): readonly (readonly string[])[] => [
  ...(status === undefined ? [] : [[`status:${status}`]]),
  ...(wait === undefined || wait === 'quarantined' ? [] : [(STORED_AS[wait] ?? [wait]).map((kind) => `wait:${kind}`)]),
  ...(label === undefined ? [] : [[labelIndex(label)]]),
];

export interface ListSource {
  readonly redis: Redis;
  readonly tag: string;
  readonly outside: Outside;
}

/** The condition that leaves least to look at. */
const narrowest = async ({ redis, tag }: ListSource, query: ListQuery): Promise<readonly string[]> => {
  const keys = viewKeys(tag);
  const groups = conditions(query).map((names) => names.map(keys.index));
  const sizes = await Promise.all(
    groups.map(async (group) => {
      const counts = await Promise.all(group.map((index) => redis.zcard(index)));
      return { group, size: counts.reduce((sum, count) => sum + count, 0) };
    }),
  );
  return sizes.toSorted((a, b) => a.size - b.size)[0]?.group ?? [keys.index('all')];
};

const newerFirst = (a: Place, b: Place): number =>
  b.createdMs - a.createdMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** The rows of these places that fit, as they look from outside. */
const rowsAt = async ({ redis, tag, outside }: ListSource, query: ListQuery, places: readonly Place[]) => {
  const ids = places.map(({ id }) => id);
  const found = ids.length > 0 ? await redis.hmget(viewKeys(tag).rows, ...ids) : [];
  return found.flatMap((json) => {
    if (json === null) return []; // dropped since the index was read
    const stored = StoredRow.parse(JSON.parse(json));
    const row = seen(stored, outside);
    return fits(row, query) ? [{ row, place: { createdMs: stored.createdMs, id: row.id } }] : [];
  });
};

/** The first rows of one index that fit, at most `limit`. */
const firstOf = async (source: ListSource, query: ListQuery, index: string, limit: number) => {
  const rows: Awaited<ReturnType<typeof rowsAt>> = [];
  const pages = readPages({
    redis: source.redis,
    index,
    after: query.cursor === undefined ? null : decodeCursor(query.cursor),
    sinceMs: query.since === undefined ? null : Date.parse(query.since),
    count: Math.max(limit, 100),
  });
  for await (const places of pages) {
    rows.push(...(await rowsAt(source, query, places)));
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
};

/**
 * One page of the list, newest first. Reads the index of the condition that fits the fewest, and looks at the rest of
 * the conditions row by row.
 * @throws {InvalidInput} the cursor is none
 */
export const readList = async (source: ListSource, query: ListQuery): Promise<ListPage> => {
  const indexes = await narrowest(source, query);
  const found = await Promise.all(indexes.map((index) => firstOf(source, query, index, query.limit + 1)));
  const rows = found.flat().sort((a, b) => newerFirst(a.place, b.place));
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    orchestrations: page.map(({ row }) => row),
    next_cursor: last && rows.length > page.length ? encodeCursor(last.place) : null,
  };
};
