import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, inject } from 'vitest';

export interface TestRedis {
  readonly url: string;
  /** Hash tag of this test file's keys, and its BullMQ prefix: no other file uses it. */
  readonly tag: string;
  /** A new connection, closed when the file is done. */
  connect(): Redis;
}

const deleteKeys = async (redis: Redis, tag: string) => {
  const found: AsyncIterable<string[]> = redis.scanStream({ match: `${tag}:*`, count: 1_000 });
  for await (const keys of found) {
    if (keys.length > 0) await redis.unlink(keys);
  }
};

/** The Redis of this run for one test file. Call it at the top of the file; what it made is gone after the last test. */
export const testRedis = (): TestRedis => {
  const url = inject('redisUrl');
  const tag = `{studio-test-${randomBytes(4).toString('hex')}}`;
  const connections: Redis[] = [];

  const connect = (): Redis => {
    const redis = new Redis(url);
    redis.on('error', () => {}); // each command reports its own failure
    connections.push(redis);
    return redis;
  };

  afterAll(async () => {
    await deleteKeys(connect(), tag);
    for (const redis of connections) redis.disconnect();
  });
  return { url, tag, connect };
};
