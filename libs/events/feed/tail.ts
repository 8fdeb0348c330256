import type { Redis } from 'ioredis';
import { eventKeys } from '../keys.ts';
import { parseEntries, parseRead } from './entries.ts';
import { keepGoing, pause } from './loop.ts';

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

/**
 * Pause after each read: the first move after a while is told at once, those that follow in a burst together. A read for
 * each append was a tenth of what a goal costs, and nobody who watches acts faster than this.
 */
const GATHER_MS = 50;

/** Who watches what, and how far each has been told. */
const createWatchers = (onError: (error: unknown) => void) => {
  const watched = new Map<string, Set<Watcher>>();
  return {
    streams: (): readonly string[] => [...watched.keys()],
    has: (stream: string): boolean => watched.has(stream),
    clear: () => watched.clear(),
    add(stream: string, watcher: Watcher): () => void {
      const watchers = watched.get(stream) ?? new Set();
      watched.set(stream, watchers.add(watcher));
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && watched.get(stream) === watchers) watched.delete(stream);
      };
    },
    moved(stream: string, version: number): void {
      for (const watcher of watched.get(stream) ?? []) {
        if (version <= watcher.seen) continue;
        watcher.seen = version;
        try {
          watcher.onMoved(version);
        } catch (error) {
          onError(error); // one watcher's bug is not the others'
        }
      }
    },
  };
};

/** What moved while somebody began to watch is asked for together; who has stopped by then needs no answer. */
const createJoin = (signal: AbortSignal, ask: (streams: readonly string[]) => Promise<void>) => {
  const begun = new Set<string>();
  return async (stream: string): Promise<void> => {
    begun.add(stream);
    if (begun.size > 1) return;
    await pause(GATHER_MS, signal);
    const streams = [...begun];
    begun.clear();
    await ask(streams);
  };
};

/**
 * Tells watchers at once when a stream moves: one blocking connection a process, however many watch. Reads the feed
 * without a group, so it may miss a hint (a lost connection, a feed trimmed ahead of it); it then learns of the move
 * at the next look at the heads.
 */
export const createTail = ({ redis, tag, onError, recheckMs = 2_000 }: TailOptions): Tail => {
  const keys = eventKeys(tag);
  const watchers = createWatchers(onError);
  const stop = new AbortController();
  const { signal } = stop;
  const blocking = redis.duplicate({ maxRetriesPerRequest: null, lazyConnect: true });
  blocking.on('error', onError);

  const recheck = async (streams: readonly string[]) => {
    if (streams.length === 0 || signal.aborted) return;
    const heads = await redis.hmget(keys.heads, ...streams);
    for (const [i, stream] of streams.entries()) watchers.moved(stream, Number.parseInt(heads[i] ?? '0', 10));
  };
  const recheckBegun = createJoin(signal, (streams) => recheck(streams.filter(watchers.has)));

  const readFeed = async () => {
    let [last] = parseEntries(await blocking.xrevrange(keys.feed, '+', '-', 'COUNT', 1));
    await recheck(watchers.streams()); // what was appended before this point of the feed
    while (!signal.aborted) {
      const block = ['COUNT', READ_COUNT, 'BLOCK', BLOCK_MS] as const;
      const entries = parseRead(await blocking.xread(...block, 'STREAMS', keys.feed, last?.id ?? '0-0'));
      last = entries.at(-1) ?? last;
      for (const { stream, version } of entries) watchers.moved(stream, version);
      await pause(GATHER_MS, signal);
    }
  };

  const recheckAll = async () => {
    await pause(recheckMs, signal);
    await recheck(watchers.streams());
  };

  // From the first watch on: a process that never watches pays for no connection.
  let reads = false;

  return {
    watch(stream, onMoved, after = 0) {
      if (!reads) for (const turn of [readFeed, recheckAll]) void keepGoing(signal, onError, turn);
      reads = true;
      const unwatch = watchers.add(stream, { onMoved, seen: after });
      recheckBegun(stream).catch(onError);
      return unwatch;
    },
    close: async () => {
      stop.abort();
      watchers.clear();
      // A read that waits for a lost server is not answered any more, so nothing waits for it.
      blocking.disconnect();
    },
  };
};
