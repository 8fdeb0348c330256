import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { blobsOf } from '#events';
import { createRedisEventLog, eventKeys } from '#events/redis';
import { appendOf, large } from '#events/testing';
import { freePort } from '../support/free-port.ts';
import { testRedis } from '../support/redis.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeEventLogIndex } from './event-log-index.contract.ts';

const { tag, connect } = testRedis();
const redis = connect();
let opened = 0;

/** Each time another log: its tag is the file's with a number, so that both are cleaned up together. */
const open = () => {
  opened += 1;
  const own = `${tag}:${opened}`;
  return {
    log: createRedisEventLog({ redis, tag: own }),
    stream: (name: string) => name,
    loseNewest: async (stream: string) => {
      const key = eventKeys(own).stream(stream);
      const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
      await redis.xdel(key, newest?.[0] ?? '');
    },
  };
};

describeEventLog('redis log', open);
describeEventLogIndex('redis log', open);

test('a blob expires only as long as no event names it', async () => {
  const { log, stream } = open();
  const keys = eventKeys(`${tag}:${opened}`);
  const id = stream('expiry');
  const first = await log.append(appendOf(id));
  const orphan = { ...appendOf(id), events: [large(20_000)] as const };
  await expect(log.append(orphan)).rejects.toMatchObject({ code: 'log.append_conflict' });
  const [key = ''] = await redis.keys(`${keys.blob(id, '')}*`.replace(/[{}[\]]/g, '\\$&'));
  expect(await redis.ttl(key)).toBeGreaterThan(0);

  const head = first.at(-1) ?? { version: 0, hash: '' };
  const [named] = await log.append({ ...orphan, expected: head });
  expect(await redis.ttl(key)).toBe(-1);
  await expect(log.append(orphan)).rejects.toMatchObject({ code: 'log.append_conflict' });
  expect(await redis.ttl(key)).toBe(-1);
  const stored = await log.readStored(id, { after: (named?.version ?? 0) - 1 });
  expect(keys.blob(id, blobsOf(stored[0]?.body ?? '')[0] ?? '')).toBe(key);
});

test('an event whose blob is gone is malformed, and says which blob', async () => {
  const { log, stream } = open();
  const id = stream('gone');
  await log.append({ ...appendOf(id), events: [large(20_000)] });
  const [stored] = await log.readStored(id);
  const [hash = ''] = blobsOf(stored?.body ?? '');
  await redis.del(eventKeys(`${tag}:${opened}`).blob(id, hash));
  await expect(log.read(id)).rejects.toMatchObject({ code: 'log.malformed_event' });
  await expect(log.read(id)).rejects.toThrow(hash);
});

test('a log whose server is gone is unavailable, in reading and writing', async () => {
  const server = await startRedisServer();
  const { Redis } = await import('ioredis');
  const lost = new Redis(server.url, { maxRetriesPerRequest: 1, retryStrategy: () => 20 });
  lost.on('error', () => {});
  const log = createRedisEventLog({ redis: lost, tag });
  await log.append(appendOf('orch'));
  await server.stop();
  await expect(log.append(appendOf('other'))).rejects.toMatchObject({ code: 'dependency.unavailable' });
  await expect(log.read('orch')).rejects.toMatchObject({ code: 'dependency.unavailable' });
  await expect(log.streams('all')).rejects.toMatchObject({ code: 'dependency.unavailable' });
  lost.disconnect();
});

test('a server out of memory refuses the whole append', async () => {
  const server = await startRedisServer(['--maxmemory', '3mb']);
  const { Redis } = await import('ioredis');
  const full = new Redis(server.url);
  const log = createRedisEventLog({ redis: full, tag });
  const head = (await log.append(appendOf('orch'))).at(-1);
  await full.set('filler', 'x'.repeat(4 * 1024 * 1024)).catch(() => {});
  await full.set('filler', 'x'.repeat(4 * 1024 * 1024)).catch(() => {});
  const more = { ...appendOf('orch', 'one', 'two'), expected: head ?? { version: 0, hash: '' } };
  await expect(log.append(more)).rejects.toMatchObject({ code: 'dependency.unavailable' });
  expect(await log.head('orch')).toEqual({ version: 1, hash: head?.hash });
  expect(await log.readStored('orch')).toHaveLength(1);
  full.disconnect();
  await server.stop();
});

test('a server that is not there is unavailable, in words that name no option of the library that looked for it', async () => {
  const nobody = new Redis({ port: await freePort(), maxRetriesPerRequest: 0 }).on('error', () => undefined);
  const asked = createRedisEventLog({ redis: nobody, tag }).read('orch_20260202_143052_000000000001');
  await expect(asked).rejects.toMatchObject({
    code: 'dependency.unavailable',
    message: 'redis does not answer, at several tries in a row; check that it runs and try again',
  });
  nobody.disconnect();
});
