import type { Redis } from 'ioredis';
import { InvalidInput } from '#contracts';

/** A place in an index: what comes next is older, or as old with a smaller id. */
export interface Place {
  readonly createdMs: number;
  readonly id: string;
}

export const encodeCursor = ({ createdMs, id }: Place): string =>
  Buffer.from(`${createdMs} ${id}`).toString('base64url');

/** @throws {InvalidInput} it was not made by `encodeCursor` */
export const decodeCursor = (cursor: string): Place => {
  const [, ms, id] = /^(\d{1,15}) (\S{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!ms || !id) throw new InvalidInput('the cursor', ['it is none: pass next_cursor of the page before, as it was']);
  return { createdMs: Number(ms), id };
};

export interface PagesOptions {
  readonly redis: Redis;
  /** Sorted set of ids by creation time. */
  readonly index: string;
  /** Where the page before ended, or `null`: start with the newest. */
  readonly after: Place | null;
  /** Nothing older than this. */
  readonly sinceMs: number | null;
  readonly count: number;
}

const parsePlaces = (reply: readonly string[]): readonly Place[] =>
  Array.from({ length: reply.length / 2 }, (_, i) => ({
    id: reply[2 * i] ?? '',
    createdMs: Number(reply[2 * i + 1]),
  }));

/** Members of an index, newest first, a page at a time. Runs that are created meanwhile are newer: none comes twice. */
export async function* readPages({
  redis,
  index,
  after,
  sinceMs,
  count,
}: PagesOptions): AsyncGenerator<readonly Place[], void> {
  const min = sinceMs ?? '-inf';
  let place = after;
  let offset = 0;
  for (;;) {
    const max = place?.createdMs ?? '+inf';
    const found = parsePlaces(await redis.zrevrangebyscore(index, max, min, 'WITHSCORES', 'LIMIT', offset, count));
    const last = place;
    const page = last ? found.filter(({ createdMs, id }) => createdMs < last.createdMs || id < last.id) : found;
    if (page.length > 0) yield page;
    if (found.length < count) return;
    // More runs of one millisecond than a page holds: step over those that were seen.
    offset = page.length > 0 ? 0 : offset + count;
    place = page.at(-1) ?? place;
  }
}
