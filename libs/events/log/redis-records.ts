import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { eventKeys } from '../keys.ts';
import { unavailable } from '../unavailable.ts';
import type { EventLog, Rejection } from './event-log.ts';
import { MAX_REJECTIONS } from './limits.ts';

const StoredRejection = z.object({
  time: z.string(),
  source: z.string(),
  digest: z.string(),
  problems: z.array(z.string()),
});

const parseRejection = (json: string): Rejection => StoredRejection.parse(JSON.parse(json));

/** What the log keeps beside the streams: policies and traces of refused input. */
export const createRedisRecords = (
  redis: Redis,
  keys: ReturnType<typeof eventKeys>,
): Pick<EventLog, 'putPolicy' | 'policy' | 'reject' | 'rejections'> => ({
  putPolicy: async (hash, document) => void (await redis.hsetnx(keys.policies, hash, document).catch(unavailable)),
  policy: (hash) => redis.hget(keys.policies, hash).catch(unavailable),
  reject: async (rejection) => {
    await redis
      .xadd(keys.rejections, 'MAXLEN', '=', MAX_REJECTIONS, '*', 'r', JSON.stringify(rejection))
      .catch(unavailable);
  },
  rejections: async (limit = MAX_REJECTIONS) => {
    const found = await redis.xrevrange(keys.rejections, '+', '-', 'COUNT', limit).catch(unavailable);
    return found.map(([, [, json = '']]) => parseRejection(json));
  },
});
