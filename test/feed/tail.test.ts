import { afterEach, expect, onTestFinished, test } from 'vitest';
import { EMPTY_HEAD } from '#events';
import { createRedisEventLog, createTail, eventKeys, type Tail, type TailOptions } from '#events/redis';
import { appendOf } from '#events/testing';
import { testRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait-until.ts';

const { tag, connect } = testRedis();
const redis = connect();
const log = createRedisEventLog({ redis, tag });
const HOUR_MS = 3_600_000;
const open: Tail[] = [];

const tailing = (options: Partial<TailOptions> = {}): Tail => {
  const tail = createTail({ redis, tag, recheckMs: HOUR_MS, onError: () => {}, ...options });
  open.push(tail);
  return tail;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((tail) => tail.close()));
});

test('a watcher is told where the stream is, and of each append from then on', async () => {
  const head = (await log.append(appendOf('a', 'one', 'two'))).at(-1) ?? EMPTY_HEAD;
  const seen: number[] = [];
  tailing().watch('a', (version) => seen.push(version));
  await waitUntil('the present version is told', () => seen.includes(2));
  await log.append({ ...appendOf('a', 'three'), expected: head });
  await waitUntil('the append is told', () => seen.includes(3));
  expect(seen).toEqual([2, 3]);
});

test('a watcher is not told of other streams, of what it knows, or after it stopped', async () => {
  const first = (await log.append(appendOf('b'))).at(-1) ?? EMPTY_HEAD;
  const tail = tailing();
  const [quiet, loud]: number[][] = [[], []];
  const unwatch = tail.watch('b', (version) => quiet?.push(version), 1);
  tail.watch('b', (version) => loud?.push(version));
  await waitUntil('the other watcher is told', () => loud?.length === 1);
  await log.append(appendOf('other'));
  expect(quiet).toEqual([]);
  unwatch();
  await log.append({ ...appendOf('b'), expected: first });
  await waitUntil('the other watcher is told again', () => loud?.length === 2);
  expect(quiet).toEqual([]);
});

test('a lost hint costs only time', async () => {
  const seen: number[] = [];
  tailing({ recheckMs: 20 }).watch('c', (version) => seen.push(version));
  await redis.hset(eventKeys(tag).heads, 'c', `7 ${'a'.repeat(64)} 2026-02-02T14:30:52.000Z`);
  await waitUntil('the head was asked for', () => seen.includes(7));
});

test('a tail goes on after its connection was cut', async () => {
  const seen: number[] = [];
  // Others read from this server, too.
  const named = redis.duplicate({ connectionName: `tail-of-${tag}` });
  onTestFinished(() => named.disconnect());
  tailing({ redis: named }).watch('d', (version) => seen.push(version));
  const head = (await log.append(appendOf('d'))).at(-1) ?? EMPTY_HEAD;
  await waitUntil('the first append is told', () => seen.includes(1));
  let blocked: string | undefined;
  await waitUntil('it waits for the next one', async () => {
    const clients = String(await redis.client('LIST')).split('\n');
    blocked = clients.find((line) => line.includes(`name=tail-of-${tag}`) && line.includes('cmd=xread '));
    return blocked !== undefined;
  });
  await redis.client('KILL', 'ID', /\bid=(\d+)/.exec(blocked ?? '')?.[1] ?? '');
  await log.append({ ...appendOf('d'), expected: head });
  await waitUntil('the append after the cut is told', () => seen.includes(2));
});

test('an error in one watcher does not reach the others', async () => {
  const tail = tailing();
  const seen: number[] = [];
  tail.watch('e', () => {
    throw new Error('a bug in a watcher');
  });
  tail.watch('e', (version) => seen.push(version));
  await log.append(appendOf('e'));
  await waitUntil('the other is told', () => seen.includes(1));
});
