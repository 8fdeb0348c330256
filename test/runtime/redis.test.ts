import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedRedis, startEmbeddedRedis } from '#embedded-redis';
import { checkRedis, connectRedis, requireFitRedis, UnfitRedis } from '#runtime';

// A server of its own, because these tests change its settings.
let folder: string;
let server: EmbeddedRedis;
beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'studio-runtime-'));
  server = await startEmbeddedRedis({ dir: join(folder, 'redis'), env: process.env });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withRedis = async <T>(use: (redis: Awaited<ReturnType<typeof connectRedis>>) => Promise<T>): Promise<T> => {
  const redis = await connectRedis({ socketPath: server.socketPath, name: 'test' });
  try {
    return await use(redis);
  } finally {
    await redis.quit();
  }
};

test('a connection goes over a unix socket and carries its name', () =>
  withRedis(async (redis) => {
    expect(await redis.client('GETNAME')).toBe('studio:test');
  }));

test('a blocking connection waits for its server without a limit, a client does not', async () => {
  const blocking = await connectRedis({ socketPath: server.socketPath, name: 'worker', blocking: true });
  expect(blocking.options.maxRetriesPerRequest).toBeNull();
  await blocking.quit();
  await withRedis(async (client) => expect(client.options.maxRetriesPerRequest).toBe(5));
});

test('a client that finds no server says where it looked and what to do', async () => {
  const url = 'redis://someone:secret@127.0.0.1:1/0';
  const failure = connectRedis({ url, name: 'test' });
  await expect(failure).rejects.toThrow(/no Redis answers at redis:\/\/127\.0\.0\.1:1\/0 .*correct REDIS_URL/);
  await expect(failure).rejects.not.toThrow(/secret/);
});

test('the embedded server has no problem and no warning', () =>
  withRedis(async (redis) => {
    expect(await checkRedis(redis)).toMatchObject({ problems: [], warnings: [], persistence: 'always' });
  }));

test('a server that evicts is refused with the command that ends it', () =>
  withRedis(async (redis) => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      await expect(requireFitRedis(redis)).rejects.toThrow(UnfitRedis);
      await expect(requireFitRedis(redis)).rejects.toThrow(/allkeys-lru.*CONFIG SET maxmemory-policy noeviction/);
    } finally {
      await redis.config('SET', 'maxmemory-policy', 'noeviction');
    }
  }));

test('a server that syncs each second, or keeps nothing, is taken with a warning of what it can cost', () =>
  withRedis(async (redis) => {
    await redis.config('SET', 'appendfsync', 'everysec');
    expect((await requireFitRedis(redis)).warnings).toEqual([expect.stringContaining('the last second of facts')]);
    await redis.config('SET', 'appendonly', 'no');
    expect((await requireFitRedis(redis)).warnings).toEqual([expect.stringContaining('no append-only file')]);
  }));
