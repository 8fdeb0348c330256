import type { Redis } from 'ioredis';
import { eventKeys } from '../keys.ts';
import { createRedisEventLog } from '../log/redis-event-log.ts';
import { streamPages } from '../log/stream-pages.ts';
import { type FeedEntry, parseClaimed, parseRead } from './entries.ts';
import type { FeedGroup, Moved } from './groups.ts';
import { defineFeedScripts } from './scripts.ts';

export interface FeedReaderOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly group: FeedGroup;
  readonly consumer: string;
  /** Entries taken in one read: large enough to fill the lanes, small enough to leave some to other consumers. */
  readonly readCount: number;
}

const INDEX_PAGE = 1_000;

/** One consumer's view of the feed: the Redis commands, and nothing about what is done with the entries. */
export const createFeedReader = ({ redis, tag, group, consumer, readCount }: FeedReaderOptions) => {
  defineFeedScripts(redis);
  const keys = eventKeys(tag);
  const log = createRedisEventLog({ redis, tag });

  return {
    /** Makes the group if it is missing. @returns false when it must go through the index first */
    join: async (): Promise<boolean> => (await redis.studioJoinFeed(keys.feed, keys.groups, group)) === 1,

    /** The group has been through the index. */
    markReady: () => redis.hset(keys.groups, group, 'ready'),

    /** Every stream with its version, page by page. */
    async *index(): AsyncGenerator<readonly Moved[]> {
      for await (const streams of streamPages(log, 'all', INDEX_PAGE)) {
        const heads = await redis.hmget(keys.heads, ...streams);
        yield streams.map((stream, i) => ({ stream, version: Number.parseInt(heads[i] ?? '0', 10) }));
      }
    },

    /** Waits up to `blockMs` for entries that no consumer of the group has had. Needs a connection of its own. */
    read: async (blocking: Redis, blockMs: number): Promise<readonly FeedEntry[]> => {
      const block = ['COUNT', readCount, 'BLOCK', blockMs] as const;
      return parseRead(await blocking.xreadgroup('GROUP', group, consumer, ...block, 'STREAMS', keys.feed, '>'));
    },

    /** Takes over entries that nobody acknowledged for `idleMs`, page by page. */
    async *takeOver(idleMs: number): AsyncGenerator<readonly FeedEntry[]> {
      for (let cursor = '0-0'; ; ) {
        const reply = await redis.xautoclaim(keys.feed, group, consumer, idleMs, cursor, 'COUNT', readCount);
        const { next, entries } = parseClaimed(reply);
        yield entries;
        if (next === '0-0') return;
        cursor = next;
      }
    },
  };
};
