import type { Redis } from 'ioredis';
import { createRedisEventLog, createTail, type Tail } from '#events/redis';
import { connectRedis } from '#runtime';
import { rebuildViews } from '#views';
import { createBacklog } from './backlog.ts';
import { createBacktest } from './backtest.ts';
import type { ConnectStudioOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { createReads } from './reads.ts';
import { createRecords } from './records.ts';
import type { Studio } from './studio.ts';
import { createWrites } from './writes.ts';

/** Where everything of one installation lies, unless told otherwise. */
export const DEFAULT_TAG = '{studio}';

const connectionOf = (options: ConnectStudioOptions, onError: (error: unknown) => void): Redis | Promise<Redis> =>
  'redis' in options ? options.redis : connectRedis({ ...options.endpoint, name: 'client', onError });

/**
 * Studio over the Redis that keeps its log. Does not load BullMQ: a command is done before that would have been read.
 * @throws {Unavailable} nothing answers at the endpoint
 */
export const connectStudio = async (options: ConnectStudioOptions): Promise<Studio> => {
  const { tag = DEFAULT_TAG, config, actor, now = () => new Date(), draw = Math.random, onError = () => {} } = options;
  const { archiveFolder = async () => null, studioDir = null, lookAhead = null, handFolders = null } = options;
  const redis = await connectionOf(options, onError);
  const log = createRedisEventLog({ redis, tag, archiveFolder });
  const parts: Parts = { redis, tag, log, now, archiveFolder, studioDir };

  // One more connection, for those who follow.
  let tail: Tail | null = null;
  const openTail = () => {
    tail ??= createTail({ redis, tag, onError });
    return tail;
  };
  const limits = async () => (typeof config === 'function' ? await config() : config);
  const reads = createReads(parts, { tail: openTail, limits });

  const { resolve } = reads;
  const { engineNames } = options;
  const ways = { lookAhead, handFolders, engineNames };
  const writes = createWrites(parts, { config, actor, draw, ...ways, resolve, list: reads.list });

  return {
    ...reads,
    backtest: createBacktest(parts),
    ...createRecords(parts, resolve),
    ...writes,
    ...createBacklog(parts, { actor, resolve, submit: writes.submit, project: options.projectBacklog }),
    rebuild: () => rebuildViews(parts),
    async close() {
      await tail?.close();
      if (!('redis' in options)) redis.disconnect();
    },
  };
};
