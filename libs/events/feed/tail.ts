import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { eventKeys } from '../keys.ts';
import { parseEntries, parseRead } from './entries.ts';

export interface TailOptions {
  /** Shared connection; the tail opens one more of its own for the blocking read. */
  readonly redis: Redis;
  readonly tag: string;
  readonly onError: (error: unknown) => void;
  /** The heads of watched streams are asked for so often: the longest that a lost hint can cost. Default 2 s. */
  readonly recheckMs?: number;
}

export interface Tail {
  /**
   * Calls back with the version each time the stream is seen to have moved beyond what it was called with before,
   * at first beyond `after` (default 0). Versions may be skipped, never repeated. @returns stop watching
   */
  watch(stream: string, onMoved: (version: number) => void, after?: number): () => void;
  close(): Promise<void>;
}

interface Watcher {
  readonly onMoved: (version: number) => void;
  seen: number;
}

const BLOCK_MS = 5_000;
const READ_COUNT = 1_000;
const RETRY_MS = 500;

/**
 * Tells watchers at once when a stream moves: one blocking connection a process, however many watch. Reads the feed
 * without a group, so it may miss a hint (a lost connection, a feed trimmed ahead of it); it then learns of the move
 * at the next look at the heads.
 */
export const createTail = ({ redis, tag, onError, recheckMs = 2_000 }: TailOptions): Tail => {
  const keys = eventKeys(tag);
  const watched = new Map<string, Set<Watcher>>();
  const stop = new AbortController();
  const { signal } = stop;
  const blocking = redis.duplicate({ maxRetriesPerRequest: null, lazyConnect: true });
  blocking.on('error', onError);

  const moved = (stream: string, version: number) => {
    for (const watcher of watched.get(stream) ?? []) {
      if (version <= watcher.seen) continue;
      watcher.seen = version;
      try {
        watcher.onMoved(version);
      } catch (error) {
        onError(error); // one watcher's bug is not the others'
      }
    }
  };

  const recheck = async (streams: readonly string[]) => {
    if (streams.length === 0) return;
    const heads = await redis.hmget(keys.heads, ...streams);
    streams.forEach((stream, i) => {
      moved(stream, Number.parseInt(heads[i] ?? '0', 10));
    });
  };

  const guarded = async (turn: () => Promise<void>) => {
    while (!signal.aborted) {
      await turn().catch(async (error) => {
        if (signal.aborted) return;
        onError(error);
        await pause(RETRY_MS, signal);
      });
    }
  };

  const readFeed = async () => {
    let [last] = parseEntries(await blocking.xrevrange(keys.feed, '+', '-', 'COUNT', 1));
    while (!signal.aborted) {
      const after = last?.id ?? '0-0';
      const reply = await blocking.call('XREAD', 'COUNT', READ_COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', keys.feed, after);
      const entries = parseRead(reply);
      last = entries.at(-1) ?? last;
      for (const { stream, version } of entries) moved(stream, version);
    }
  };

  const recheckAll = async () => {
    await pause(recheckMs, signal);
    if (!signal.aborted) await recheck([...watched.keys()]);
  };

  // Commands that never watch pay for no connection.
  let loops: Promise<unknown> | null = null;
  const start = () => {
    loops ??= Promise.all([guarded(readFeed), guarded(recheckAll)]);
  };

  return {
    watch(stream, onMoved, after = 0) {
      start();
      const watcher: Watcher = { onMoved, seen: after };
      const watchers = watched.get(stream) ?? new Set();
      watched.set(stream, watchers.add(watcher));
      recheck([stream]).catch(onError);
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && watched.get(stream) === watchers) watched.delete(stream);
      };
    },
    close: async () => {
      stop.abort();
      watched.clear();
      blocking.disconnect();
      await loops;
    },
  };
};

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {});
