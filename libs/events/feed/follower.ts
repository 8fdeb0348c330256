import type { Redis } from 'ioredis';
import { createDelivery, type Delivery } from './delivery.ts';
import { createFeedReader } from './feed-reader.ts';
import type { FeedGroup, Moved } from './groups.ts';
import { createLanes } from './lanes.ts';
import { keepGoing, pause } from './loop.ts';
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
  /**
   * An entry that was not acknowledged for so long is taken over, also by its own reader. Default 10 s: what a dead
   * process had in hand is done by another within 20 s, and handling takes a fraction of a second, so that nobody
   * who lives is robbed.
   */
  readonly idleMs?: number;
  /** Longest wait for a new entry, and so about the longest wait for `close`. Default 1 s. */
  readonly blockMs?: number;
  /** Pause between two reads: a stream that moves often is then handled once for many moves. Default none. */
  readonly gatherMs?: number;
  readonly now?: () => Date;
}

export interface Follower {
  /** Resolves when the group reads the feed and has been through the index. */
  readonly ready: Promise<void>;
  /** Stops reading, waits for what runs. Unacknowledged entries go to other consumers. Idempotent. */
  close(): Promise<void>;
}

/**
 * Follows the feed for one group: every append reaches `handle` at least once, through any crash. A group that is new
 * is first given every stream of the index. An event of a newer version (`NewerEvent`) is left unacknowledged until a
 * newer process takes it.
 */
export const createFollower = (options: FollowerOptions): Follower => {
  const { redis, tag, group, consumer, handle, onError, concurrency = 16 } = options;
  const { idleMs = 10_000, blockMs = 1_000, gatherMs = 0, now = () => new Date() } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const blocking = redis.duplicate({ maxRetriesPerRequest: null });
  const report = (error: unknown) => onError(error, null);
  blocking.on('error', report);
  const feed = createFeedReader({ redis, tag, group, consumer, readCount: gatherMs > 0 ? 1_000 : 64 });
  const run = createDelivery({ redis, tag, group, onError, now, handle: (moved) => handle(moved, signal) });
  const lanes = createLanes<Delivery>({ concurrency, run });

  /** Lets a page into the lanes, and waits until most of it has begun. */
  const take = async (page: readonly (Moved & { readonly id?: string })[], again: boolean) => {
    if (signal.aborted) return;
    lanes.push(page.map(({ id = null, stream, version }) => [stream, { id, version, again }]));
    await lanes.atMost(concurrency);
  };

  const goThroughIndex = async () => {
    for await (const page of feed.index()) await take(page, false);
    await lanes.idle();
    if (!signal.aborted) await feed.markReady();
  };

  let joined = () => {};
  const ready = new Promise<void>((resolve) => {
    joined = resolve;
  });

  const reading = keepGoing(signal, report, async () => {
    if (!(await feed.join())) await goThroughIndex();
    joined();
    while (!signal.aborted) {
      await take(await feed.read(blocking, blockMs), false);
      if (gatherMs > 0) await pause(gatherMs, signal);
    }
  });

  const sweeping = keepGoing(signal, report, async () => {
    // Drawn anew each time: of several processes not always the same one is first to take over.
    await pause(idleMs * (0.25 + Math.random() * 0.25), signal);
    await ready;
    if (signal.aborted) return;
    for await (const page of feed.takeOver(idleMs)) await take(page, true);
    await trimFeed(redis, tag);
  });

  return {
    ready,
    close: async () => {
      stop.abort();
      joined();
      lanes.drop();
      await Promise.all([reading, sweeping, lanes.idle()]);
      blocking.disconnect();
    },
  };
};
