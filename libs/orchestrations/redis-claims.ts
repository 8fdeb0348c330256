import type { Redis } from 'ioredis';
import { Unavailable } from '#contracts';
import type { Claim, Claims } from './claims.ts';

/** One Redis hash: key → `<id> <payload hash>`. */
const keyOf = (tag: string): string => `${tag}:claims`;

const PAGE = 1_000;

/** Every key that was claimed, in no order. One that is claimed meanwhile may be missing. @throws what Redis says */
export async function* listClaims(redis: Redis, tag: string): AsyncGenerator<Claim & { readonly key: string }, void> {
  for (let cursor = '0'; ; ) {
    const [next, fields] = await redis.hscan(keyOf(tag), cursor, 'COUNT', PAGE);
    for (let i = 0; i < fields.length; i += 2) {
      const [id = '', payload = ''] = (fields[i + 1] ?? '').split(' ');
      yield { key: fields[i] ?? '', id, payload };
    }
    if (next === '0') return;
    cursor = next;
  }
}

export const createRedisClaims = (redis: Redis, tag: string): Claims => {
  const hash = keyOf(tag);
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
    isClaimed: async (key) => (await redis.hexists(hash, key).catch(unavailable)) === 1,
  };
};
