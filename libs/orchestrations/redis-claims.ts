import type { Redis } from 'ioredis';
import { Unavailable } from '#contracts';
import type { Claims } from './claims.ts';

/** One Redis hash: key → `<id> <payload hash>`. */
export const createRedisClaims = (redis: Redis, tag: string): Claims => {
  const hash = `${tag}:claims`;
  const unavailable = (cause: unknown): never => {
    throw new Unavailable(
      'redis did not answer: the goal may or may not be stored; send it again with the same key',
      {},
      { cause },
    );
  };
  return {
    async claim(key, claim) {
      const won = await redis.hsetnx(hash, key, `${claim.id} ${claim.payload}`).catch(unavailable);
      if (won === 1) return claim;
      const [id = claim.id, payload = claim.payload] = ((await redis.hget(hash, key).catch(unavailable)) ?? '').split(
        ' ',
      );
      return { id, payload };
    },
  };
};
