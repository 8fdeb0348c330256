import type { Redis } from 'ioredis';
import type { EventLog, EventType, Recorded } from '#events';
import { eventKeys, type Tail } from '#events/redis';

const TERMINAL: ReadonlySet<EventType> = new Set<EventType>([
  'orchestration.completed',
  'orchestration.failed',
  'orchestration.halted',
  'orchestration.aborted',
]);

/** After it nothing happens by itself any more. */
export const isTerminal = ({ type }: Recorded): boolean => TERMINAL.has(type);

/** Events read at once. A reader that is slow holds no more than this in memory. */
const PAGE = 200;

export interface FollowOptions {
  readonly after?: number;
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

/** Rings when the stream moves, or the reader has had enough. */
const listen = (stream: string, { after = 0, signal }: FollowOptions, tail: Tail) => {
  const bell = createBell();
  const unwatch = tail.watch(stream, bell.ring, after);
  signal?.addEventListener('abort', bell.ring);
  return {
    wait: bell.wait,
    stop: (): void => {
      unwatch();
      signal?.removeEventListener('abort', bell.ring);
    },
  };
};

/** Reads a stream, then whatever is appended to it, in order and without gaps, until its terminal event or the signal. */
export const createFollow = ({ redis, tag, log, tail }: FollowDeps) => {
  async function* present(stream: string, { after = 0, signal }: FollowOptions): AsyncGenerator<Recorded, void> {
    for (let version = after; ; ) {
      const events = await log.read(stream, { after: version, limit: PAGE });
      for (const event of events) {
        if (signal?.aborted) return;
        yield event;
      }
      version = events.at(-1)?.version ?? version;
      if (events.length < PAGE) return;
    }
  }

  return async function* follow(stream: string, options: FollowOptions = {}): AsyncGenerator<Recorded, void> {
    const { after = 0, signal } = options;
    // Asked before the first read: an end before `after` will not be read, one after this answer will.
    let ended = (await redis.zscore(eventKeys(tag).live, stream)) === null;
    const moves = listen(stream, options, tail());
    try {
      for (let version = after; ; await moves.wait()) {
        for await (const event of present(stream, { ...options, after: version })) {
          version = event.version;
          ended ||= isTerminal(event);
          yield event;
        }
        if (ended || signal?.aborted) return;
      }
    } finally {
      moves.stop();
    }
  };
};
