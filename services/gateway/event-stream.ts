import { setTimeout as sleep } from 'node:timers/promises';
import { eventDocument } from '#client';
import type { Recorded } from '#events';

/** Milliseconds a client waits before it connects again. */
const RECONNECT_MS = 1_000;

const frame = (event: Recorded): string =>
  `id: ${event.version}\nevent: ${event.type}\ndata: ${JSON.stringify(eventDocument(event))}\n\n`;

/** @returns `null` when nothing came in time */
const within = async <T>(ms: number, next: Promise<T>): Promise<T | null> => {
  const timer = new AbortController();
  try {
    return await Promise.race([next, sleep(ms, null, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
};

/**
 * Server-sent events, ready for the wire. Comments show that the connection is alive while nothing happens. It is read
 * as slowly as its client reads: one event is held here, and one page in the follower.
 */
export async function* eventStream(events: AsyncIterable<Recorded>, heartbeatMs: number): AsyncGenerator<string, void> {
  const source = events[Symbol.asyncIterator]();
  try {
    yield `retry: ${RECONNECT_MS}\n\n`;
    for (let next = source.next(); ; ) {
      const got = await within(heartbeatMs, next);
      if (got === null) {
        yield ': nothing new\n\n';
        continue;
      }
      if (got.done) return;
      yield frame(got.value);
      next = source.next();
    }
  } finally {
    await source.return?.();
  }
}
