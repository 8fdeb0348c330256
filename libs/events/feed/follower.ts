import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { eventKeys } from '../keys.ts';
import { createRedisEventLog } from '../log/redis-event-log.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { parseClaimed, parseRead } from './entries.ts';
import type { FeedGroup, Moved } from './groups.ts';
import { createLanes } from './lanes.ts';
import { defineFeedScripts } from './scripts.ts';
import { trimFeed } from './trim.ts';

export interface FollowerOptions {
  /** Shared connection for everything that does not block; the follower opens one more of its own. */
  readonly redis: Redis;
  readonly tag: string;
  readonly group: FeedGroup;
  /** Unique among living processes. */
  readonly consumer: string;
  /**
   * Brings this group's work for the stream up to its end. Called at least once after every append, never twice at a
   * time for one stream in one process; order, gaps and repeats must not matter. To throw means: again later.
   */
  readonly handle: (moved: Moved, signal: AbortSignal) => Promise<void>;
  /** Reports what was thrown and, where one is to blame, the stream. The follower goes on. */
  readonly onError: (error: unknown, stream: string | null) => void;
  /** Streams handled at the same time, 16 unless told. */
  readonly concurrency?: number;
  /** An entry that was not acknowledged for so long is taken over, also by its own reader. Default 60 s. */
  readonly idleMs?: number;
  /** Longest wait for a new entry, and so about the longest wait for `close`. Default 1 s. */
  readonly blockMs?: number;
  readonly now?: () => Date;
}

export interface Follower {
  /** Resolves when the group reads the feed and has been through the index. */
  readonly ready: Promise<void>;
  /** Stops reading, waits for what runs. Unacknowledged entries go to other consumers. Idempotent. */
  close(): Promise<void>;
}

/** Entries taken in one read: large enough to fill the lanes, small enough to leave some to other consumers. */
const READ_COUNT = 64;
const INDEX_PAGE = 1_000;
/** Pause after a failed read, so that a lost server is not asked in a loop. */
const RETRY_MS = 500;

/**
 * Follows the feed for one group: every append reaches `handle` at least once, through any crash. A group that is new
 * is first given every stream of the index. An event of a newer version (`NewerEvent`) is left unacknowledged until a
 * newer process takes it.
 */
export const createFollower = (options: FollowerOptions): Follower => {
  const { redis, tag, group, consumer, handle, onError, concurrency = 16 } = options;
  const { idleMs = 60_000, blockMs = 1_000, now = () => new Date() } = options;
  defineFeedScripts(redis);
  const keys = eventKeys(tag);
  const log = createRedisEventLog({ redis, tag });
  const blocking = redis.duplicate({ maxRetriesPerRequest: null });
  blocking.on('error', (error) => onError(error, null));
  const stop = new AbortController();
  const run = createDelivery({ redis, tag, group, onError, now, handle: (moved) => handle(moved, stop.signal) });
  const lanes = createLanes<Delivery>({ concurrency, run });

  const goThroughIndex = async () => {
    let after: string | undefined;
    for (;;) {
      const streams = await log.streams(
        'all',
        after === undefined ? { limit: INDEX_PAGE } : { after, limit: INDEX_PAGE },
      );
      const heads = streams.length > 0 ? await redis.hmget(keys.heads, ...streams) : [];
      streams.forEach((stream, i) => {
        lanes.push(stream, { id: null, version: Number.parseInt(heads[i] ?? '0', 10), again: false });
      });
      await lanes.atMost(concurrency);
      after = streams.at(-1);
      if (after === undefined || stop.signal.aborted) return;
    }
  };

  const join = async () => {
    if ((await redis.studioJoinFeed(keys.feed, keys.groups, group)) === 1) return;
    await goThroughIndex();
    await lanes.idle();
    if (!stop.signal.aborted) await redis.hset(keys.groups, group, 'ready');
  };

  const readOnce = async () => {
    const arguments_ = [group, consumer, 'COUNT', READ_COUNT, 'BLOCK', blockMs, 'STREAMS', keys.feed, '>'];
    const entries = parseRead(await blocking.call('XREADGROUP', 'GROUP', ...arguments_));
    for (const { id, stream, version } of entries) lanes.push(stream, { id, version, again: false });
    await lanes.atMost(concurrency);
  };

  const takeOver = async () => {
    for (let cursor = '0-0'; ; ) {
      const reply = await redis.call('XAUTOCLAIM', keys.feed, group, consumer, idleMs, cursor, 'COUNT', READ_COUNT);
      const { next, entries } = parseClaimed(reply);
      for (const { id, stream, version } of entries) lanes.push(stream, { id, version, again: true });
      await lanes.atMost(concurrency);
      if (next === '0-0' || stop.signal.aborted) return;
      cursor = next;
    }
  };

  const keepGoing = async (turn: () => Promise<void>) => {
    while (!stop.signal.aborted) {
      await turn().catch(async (error) => {
        if (stop.signal.aborted) return;
        onError(error, null);
        await pause(RETRY_MS, stop.signal);
      });
    }
  };

  const { promise: ready, resolve: joined } = deferred();
  const reading = keepGoing(async () => {
    await join();
    joined();
    while (!stop.signal.aborted) await readOnce();
  });
  const sweeping = keepGoing(async () => {
    // Drawn anew each time: of several processes not always the same one is first to take over.
    await pause(idleMs * (0.25 + Math.random() * 0.25), stop.signal);
    await ready;
    if (stop.signal.aborted) return;
    await takeOver();
    await trimFeed(redis, tag);
  });

  return {
    ready,
    close: async () => {
      stop.abort();
      joined();
      lanes.drop();
      await Promise.all([reading, sweeping]);
      lanes.drop();
      await lanes.idle();
      blocking.disconnect();
    },
  };
};

const deferred = () => {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {});
