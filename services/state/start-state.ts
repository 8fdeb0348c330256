import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { createFollower } from '#events/redis';
import { announce } from '#presence';
import type { Logger, RunningService } from '#runtime';
import { createProjector, type ProjectorOptions } from '#views';
import { type KeepRetentionOptions, keepRetention, type Retention } from './keep-retention.ts';

export interface StateOptions {
  readonly redis: Redis;
  /** Hash tag of every key. */
  readonly tag: string;
  /** The state of a stream, at `atLeast` or newer: a process that runs other services too has most of them at hand. */
  readonly load: ProjectorOptions['load'];
  /** The log to archive from, and how; `null`: nothing is archived here. */
  readonly retention?: (Retention & { readonly log: KeepRetentionOptions['log'] }) | null;
  readonly version: string;
  readonly logger: Logger;
  /** Age at which work that a dead projector left is taken over. Default: as of any follower. */
  readonly idleMs?: number;
}

/** Lists may be so much behind the log; a run that moves many times in between is read and written once. */
const GATHER_MS = 100;

/**
 * Keeps the list view up with the log; ready when every stream that there was at the start has its row. Start as many
 * as you like, kill them when you like: a row is made from its whole stream, a newer one replaces an older one, and
 * what was not acknowledged is delivered again.
 */
export const startState = async (options: StateOptions): Promise<RunningService> => {
  const { redis, tag, load, version, logger, idleMs, retention = null } = options;
  const { project } = createProjector({ redis, tag, load });
  const onError = (err: unknown, stream: string | null = null) => logger.warn({ err, stream }, 'state will try again');
  const id = randomUUID();
  const follower = createFollower({
    redis,
    tag,
    group: 'state',
    consumer: id,
    ...(idleMs === undefined ? {} : { idleMs }),
    gatherMs: GATHER_MS,
    handle: async ({ stream, version: atLeast }) => void (await project(stream, atLeast)),
    onError,
  });
  const presence = announce(
    redis,
    tag,
    { id, service: 'state', host: hostname(), pid: process.pid, concurrency: 1, version },
    onError,
  );
  await Promise.all([follower.ready, presence.ready]);
  const stopping = new AbortController();
  const keeping = retention && keepRetention({ ...retention, redis, tag, logger, signal: stopping.signal });
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([follower.close(), keeping]);
      await presence.stop();
    },
  };
};
