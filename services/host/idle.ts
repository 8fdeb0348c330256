import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { react } from '#domain';
import { type EventLog, streamPages } from '#events';
import type { Orchestrations } from '#orchestrations';

export interface IdleOptions {
  readonly redis: Redis;
  readonly log: Pick<EventLog, 'streams'>;
  readonly orchestrations: Pick<Orchestrations, 'load'>;
  readonly idleMs: number;
  /** Milliseconds since 1970: somebody was there who left no connection. */
  readonly lastCallAt: () => number;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 2_000;
const PAGE = 500;

/** Connections that Studio named and the host did not make: commands, and services that joined. */
const hasClient = async (redis: Redis): Promise<boolean> => {
  const clients = String(await redis.client('LIST'));
  return [...clients.matchAll(/ name=studio:(\S+)/g)].some(([, name]) => name !== 'host');
};

/** True while anything is wished for that needs no person. */
const canMove = async ({ log, orchestrations }: IdleOptions): Promise<boolean> => {
  for await (const ids of streamPages(log, 'live', PAGE))
    for (const id of ids) if (react(await orchestrations.load(id)).some((wish) => wish.do === 'run')) return true;
  return false;
};

/** Resolves when nobody was there and nothing could move without a person for `idleMs`, or when aborted. */
export const untilIdle = async (options: IdleOptions): Promise<void> => {
  const { redis, idleMs, lastCallAt, signal } = options;
  let busyAt = Date.now();
  while (!signal.aborted && Date.now() - Math.max(busyAt, lastCallAt()) < idleMs) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    // A server that does not answer is a reason to stay: it is being started again.
    const busy = await Promise.all([hasClient(redis), canMove(options)]).catch(() => [true]);
    if (busy.includes(true)) busyAt = Date.now();
  }
};
