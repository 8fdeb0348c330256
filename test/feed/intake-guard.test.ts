import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIntakeGuard, memoryPressure } from '#events/redis';
import { startRedisServer, type TestServer } from '../support/redis-server.ts';

let server: TestServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const limitTo = async (part: number) => {
  const { usedBytes } = await memoryPressure(redis);
  await redis.config('SET', 'maxmemory', Math.round(usedBytes / part));
};

test('a server without a limit is never full', async () => {
  expect(await memoryPressure(redis)).toMatchObject({ maxBytes: null, used: 0 });
  await expect(createIntakeGuard({ redis })()).resolves.toBeUndefined();
});

test('intake is refused from 80 % of the memory on, and taken up again below', async () => {
  const guard = createIntakeGuard({ redis, cacheMs: 0 });
  await limitTo(0.5);
  await expect(guard()).resolves.toBeUndefined();
  await limitTo(0.95);
  await expect(guard()).rejects.toMatchObject({ code: 'system.full', remedy: 'retry' });
  await limitTo(0.5);
  await expect(guard()).resolves.toBeUndefined();
});

test('the server is asked at most once in the time given', async () => {
  let nowMs = 0;
  const guard = createIntakeGuard({ redis, cacheMs: 1_000, nowMs: () => nowMs });
  await limitTo(0.5);
  await guard();
  await limitTo(0.95);
  nowMs = 999;
  await expect(guard()).resolves.toBeUndefined();
  nowMs = 1_000;
  await expect(guard()).rejects.toMatchObject({ code: 'system.full' });
});
