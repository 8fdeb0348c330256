import type { Redis } from 'ioredis';
import type { EventLog } from '#events';
import { createFollower } from '#events/redis';
import type { Logger, RunningService } from '#runtime';
import { createProjector } from '#views';

export interface StateOptions {
  readonly redis: Redis;
  /** Hash tag of every key. */
  readonly tag: string;
  readonly log: Pick<EventLog, 'read' | 'streams'>;
  readonly logger: Logger;
  /** Name of this process in the group `state`, unique among living processes. */
  readonly consumer: string;
  /** See `FollowerOptions.idleMs`. */
  readonly idleMs?: number;
}

export interface StateService extends RunningService {
  /** Resolves when every stream that there was at the start has its row. */
  readonly ready: Promise<void>;
}

/**
 * Keeps the list view up with the log. Start as many as you like; kill them whenever you like: rows are made from the
 * whole stream, a newer one replaces an older one, and what was not acknowledged is delivered again.
 */
export const startState = ({ redis, tag, log, logger, consumer, idleMs }: StateOptions): StateService => {
  const { project } = createProjector({ redis, tag, log });
  const follower = createFollower({
    redis,
    tag,
    group: 'state',
    consumer,
    ...(idleMs === undefined ? {} : { idleMs }),
    handle: async ({ stream }) => {
      if (await project(stream)) logger.debug({ stream }, 'row stored');
    },
    onError: (err, stream) => logger.warn({ err, stream }, 'a stream was not projected and will be again'),
  });
  return { ready: follower.ready, stop: () => follower.close() };
};
