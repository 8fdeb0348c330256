import type { Redis } from 'ioredis';
import { defineDeliveryScripts } from './scripts.ts';

/** A notice that this process delivers now: nobody else does, until the claim runs out. */
export interface Claim {
  readonly notice: string;
  /** 1-based. */
  readonly try: number;
}

/** Notices that a process takes at once. */
const AT_ONCE = 16;

const keysOf = (tag: string) =>
  ({
    /** Sorted set: notices by the time of their next try, milliseconds. */
    due: `${tag}:hooks:due`,
    /** Hash: notice → tries so far. */
    tries: `${tag}:hooks:tries`,
    /** Sorted set: notices that were delivered or given up, by that time, milliseconds. */
    told: `${tag}:hooks:told`,
  }) as const;

const pairs = (flat: readonly string[]): readonly (readonly [string, string])[] =>
  flat.flatMap((notice, index) => (index % 2 === 0 ? [[notice, flat[index + 1] ?? ''] as const] : []));

/**
 * What is to be delivered, shared by all routers. A notice that one of them took and did not settle, because it died, is
 * taken again: at least once, and in the normal case once.
 */
export const createDeliveries = (redis: Redis, tag: string) => {
  defineDeliveryScripts(redis);
  const keys = keysOf(tag);
  return {
    /** Safe to call again: what was told is not told again. */
    expect: (notice: string, nowMs: number) => redis.studioExpectDelivery(keys.due, keys.told, notice, nowMs),

    /** Takes what is due. */
    async claim(nowMs: number, forMs: number): Promise<readonly Claim[]> {
      const due = await redis.zrangebyscore(keys.due, '-inf', nowMs, 'WITHSCORES', 'LIMIT', 0, AT_ONCE);
      const claims: Claim[] = [];
      for (const [notice, seenMs] of pairs(due)) {
        const number = await redis.studioClaimDelivery(keys.due, keys.tries, notice, seenMs, nowMs + forMs);
        if (number > 0) claims.push({ notice, try: number });
      }
      return claims;
    },

    /** It was delivered, or is given up: never again. What was told before `forgetMs` nobody asks for any more. */
    async settle(notice: string, nowMs: number, forgetMs: number): Promise<void> {
      await redis
        .multi()
        .zadd(keys.told, nowMs, notice)
        .zrem(keys.due, notice)
        .hdel(keys.tries, notice)
        .zremrangebyscore(keys.told, '-inf', forgetMs)
        .exec();
    },

    postpone: (notice: string, untilMs: number) => redis.zadd(keys.due, 'XX', untilMs, notice),
  };
};
export type Deliveries = ReturnType<typeof createDeliveries>;
