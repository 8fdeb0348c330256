import type { Redis } from 'ioredis';
import type { EventLog, EventType, Recorded } from '#events';
import { eventKeys, type Tail, unavailable } from '#events/redis';

const TERMINAL: ReadonlySet<EventType> = new Set<EventType>([
  'orchestration.completed',
  'orchestration.failed',
  'orchestration.halted',
  'orchestration.aborted',
]);

/** After it nothing happens by itself any more. */
export const isTerminal = ({ type }: Recorded): boolean => TERMINAL.has(type);

/** A run that ended lives again after it, or began as a copy of one that had ended. */
const isRevival = ({ type }: Recorded): boolean => type === 'orchestration.resumed' || type === 'orchestration.forked';

/** Events read at once. A reader that is slow holds no more than this in memory. */
const PAGE = 200;

export interface FollowOptions {
  readonly after?: number;
  /** The run may not be there yet, because the fact that names it is news: it is waited for. Its id is whole. */
  readonly awaited?: boolean;
  readonly signal?: AbortSignal;
}

interface FollowDeps {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: Pick<EventLog, 'read'>;
  readonly tail: () => Tail;
}

/** A bell that remembers a ring nobody was waiting for. */
const createBell = () => {
  let rung = false;
  let wake = () => {};
  return {
    ring: (): void => {
      rung = true;
      wake();
    },
    async wait(): Promise<void> {
      if (!rung) await new Promise<void>((resolve) => (wake = resolve));
      rung = false;
    },
  };
};

/** Waits for the stream to move. @returns from `next`: false when the reader has had enough instead */
const listen = (stream: string, after: number, tail: Tail, signal: AbortSignal) => {
  const bell = createBell();
  const unwatch = tail.watch(stream, bell.ring, after);
  signal.addEventListener('abort', bell.ring);
  return {
    async next(): Promise<boolean> {
      if (!signal.aborted) await bell.wait();
      return !signal.aborted;
    },
    stop: (): void => {
      unwatch();
      signal.removeEventListener('abort', bell.ring);
    },
  };
};

/** What there is, oldest first, a page in memory at a time. */
async function* readPresent(log: FollowDeps['log'], stream: string, after: number, signal: AbortSignal) {
  for (let version = after; ; ) {
    const events = await log.read(stream, { after: version, limit: PAGE });
    for (const event of events) {
      if (signal.aborted) return;
      yield event;
    }
    version = events.at(-1)?.version ?? version;
    if (events.length < PAGE) return;
  }
}

/** Reads a stream, then whatever is appended to it, in order and without gaps, until its terminal event or the signal. */
export const createFollow = ({ redis, tag, log, tail }: FollowDeps) =>
  async function* follow(stream: string, options: FollowOptions = {}): AsyncGenerator<Recorded, void> {
    const { after = 0, awaited = false, signal = new AbortController().signal } = options;
    // Asked before the first read: an end before `after` will not be read, one after this answer will.
    let ended = !awaited && (await redis.zscore(eventKeys(tag).live, stream).catch(unavailable)) === null;
    let version = after;
    const moves = listen(stream, after, tail(), signal);
    try {
      do {
        for await (const event of readPresent(log, stream, version, signal)) {
          version = event.version;
          ended = isTerminal(event) || (ended && !isRevival(event));
          yield event;
        }
      } while (!ended && (await moves.next()));
    } finally {
      moves.stop();
    }
  };
