import { afterEach, describe, expect, test } from 'vitest';
import { EMPTY_HEAD, type Head, NewerEvent } from '#events';
import {
  createFollower,
  createQuarantine,
  createRedisEventLog,
  eventKeys,
  type Follower,
  type FollowerOptions,
  trimFeed,
} from '#events/redis';
import { appendOf } from '#events/testing';
import { testRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait-until.ts';

const { tag: fileTag, connect } = testRedis();
const redis = connect();
const open: Follower[] = [];
let tests = 0;
let tag = fileTag;
let consumers = 0;
/** Longer than anybody is slow: nothing is taken over. */
const HOUR_MS = 3_600_000;

const log = () => createRedisEventLog({ redis, tag });
const pending = async () => Number((await redis.xpending(eventKeys(tag).feed, 'router'))[0]);
const deliveredAll = async () => (await pending()) === 0;

const follow = (options: Partial<FollowerOptions> & Pick<FollowerOptions, 'handle'>): Follower => {
  consumers += 1;
  const quick = { idleMs: 100, blockMs: 50, onError: () => {} };
  const follower = createFollower({ redis, tag, group: 'router', consumer: `c${consumers}`, ...quick, ...options });
  open.push(follower);
  return follower;
};

/** A log of its own for each test. */
const fresh = () => {
  tests += 1;
  tag = `${fileTag}:${tests}`;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((follower) => follower.close()));
});

describe('a follower', () => {
  test('is told of every append, with the version the stream moved to', async () => {
    fresh();
    const seen = new Map<string, number>();
    const handle = async ({ stream, version }: { stream: string; version: number }) => void seen.set(stream, version);
    await follow({ handle }).ready;
    const head = (await log().append(appendOf('a', 'one', 'two'))).at(-1) ?? EMPTY_HEAD;
    await log().append({ ...appendOf('a', 'three'), expected: head });
    await log().append(appendOf('b'));
    await waitUntil('both streams were seen', () => seen.get('a') === 3 && seen.get('b') === 1);
    await waitUntil('all is acknowledged', deliveredAll);
  });

  test('of a new group first goes through the index, once for the group', async () => {
    fresh();
    for (const stream of ['a', 'b', 'c']) await log().append(appendOf(stream, 'one', 'two'));
    await redis.del(eventKeys(tag).feed);
    const seen: string[] = [];
    await follow({ handle: async ({ stream, version }) => void seen.push(`${stream}@${version}`) }).ready;
    expect(seen.sort()).toEqual(['a@2', 'b@2', 'c@2']);
    const second: string[] = [];
    await follow({ handle: async ({ stream }) => void second.push(stream) }).ready;
    expect(second).toEqual([]);
  });

  test('whose pass through the index was cut short makes it again', async () => {
    fresh();
    await log().append(appendOf('a'));
    await redis.xgroup('CREATE', eventKeys(tag).feed, 'router', '$');
    const seen: string[] = [];
    await follow({ handle: async ({ stream }) => void seen.push(stream) }).ready;
    expect(seen).toEqual(['a']);
  });

  test('never handles one stream twice at a time, and several streams side by side', async () => {
    fresh();
    const running = new Map<string, number>();
    const handled = new Map<string, number>();
    let most = 0;
    let overlapped = false;
    const handle = async ({ stream, version }: { stream: string; version: number }) => {
      overlapped ||= (running.get(stream) ?? 0) > 0;
      running.set(stream, 1);
      most = Math.max(most, running.size);
      await redis.ping();
      await redis.ping();
      running.delete(stream);
      handled.set(stream, Math.max(version, handled.get(stream) ?? 0));
    };
    const heads = new Map<string, Head>();
    await follow({ handle, concurrency: 4 }).ready;
    for (let i = 0; i < 60; i++) {
      const stream = `s${i % 6}`;
      const recorded = await log().append({ ...appendOf(stream), expected: heads.get(stream) ?? EMPTY_HEAD });
      heads.set(stream, recorded.at(-1) ?? EMPTY_HEAD);
    }
    await waitUntil('all are handled', () =>
      [...heads].every(([stream, { version }]) => handled.get(stream) === version),
    );
    await waitUntil('all is acknowledged', deliveredAll);
    expect(overlapped).toBe(false);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('shares the feed with others of its group: each append is handled by one of them', async () => {
    fresh();
    const seen: string[][] = [[], []];
    for (const mine of seen) {
      const handle = async ({ stream }: { stream: string }) => {
        await redis.ping();
        mine.push(stream);
      };
      await follow({ handle, idleMs: HOUR_MS }).ready;
    }
    await Promise.all(Array.from({ length: 200 }, (_, i) => log().append(appendOf(`s${i}`))));
    await waitUntil('all were handled', () => seen.flat().length >= 200);
    expect(new Set(seen.flat()).size).toBe(200);
    expect(seen.flat()).toHaveLength(200);
  });

  test('takes over what a killed consumer had taken and not acknowledged', async () => {
    fresh();
    const keys = eventKeys(tag);
    const first = follow({ handle: async () => {} });
    await first.ready;
    await first.close();
    await log().append(appendOf('a'));
    await redis.xreadgroup('GROUP', 'router', 'killed', 'STREAMS', keys.feed, '>');
    expect(await pending()).toBe(1);
    const seen: string[] = [];
    await follow({ handle: async ({ stream }) => void seen.push(stream) }).ready;
    await waitUntil('the stream was handled', () => seen.includes('a'));
    await waitUntil('it is acknowledged', deliveredAll);
  });

  test('outlives a lost feed: it joins again and goes through the index', async () => {
    fresh();
    await log().append(appendOf('a'));
    const seen: string[] = [];
    await follow({ handle: async ({ stream }) => void seen.push(stream) }).ready;
    await redis.del(eventKeys(tag).feed);
    await waitUntil('the index was read again', () => seen.filter((stream) => stream === 'a').length >= 2);
    await log().append(appendOf('b'));
    await waitUntil('a new append arrives', () => seen.includes('b'));
  });
});

describe('a stream that fails', () => {
  test('is quarantined after five deliveries, the others go on, and comes back when lifted', async () => {
    fresh();
    const quarantine = createQuarantine({ redis, tag });
    const seen: string[] = [];
    let broken = true;
    const handle = async ({ stream }: { stream: string }) => {
      seen.push(stream);
      if (broken && stream === 'bad') throw new Error('cannot fold event 1');
    };
    await follow({ handle, idleMs: 20 }).ready;
    await log().append(appendOf('bad'));
    await waitUntil('it is quarantined', async () => (await quarantine.get('bad')) !== null);
    expect(seen.filter((stream) => stream === 'bad')).toHaveLength(5);
    expect(await quarantine.list()).toMatchObject([{ stream: 'bad', group: 'router', message: 'cannot fold event 1' }]);
    await waitUntil('nothing is pending', deliveredAll);
    await log().append(appendOf('good'));
    await waitUntil('others go on', () => seen.includes('good'));

    broken = false;
    seen.length = 0;
    expect(await quarantine.lift('bad')).toBe(true);
    expect(await quarantine.lift('bad')).toBe(false);
    await waitUntil('it is delivered again', () => seen.includes('bad'));
    expect(await quarantine.get('bad')).toBeNull();
  });

  test('is quarantined too when it was found by the index', async () => {
    fresh();
    await log().append(appendOf('bad'));
    await redis.del(eventKeys(tag).feed);
    const quarantine = createQuarantine({ redis, tag });
    const handle = () => Promise.reject(new Error('cannot fold'));
    await follow({ handle, idleMs: 20 }).ready;
    await waitUntil('it is quarantined', async () => (await quarantine.get('bad')) !== null);
  });

  test('is quarantined when each delivery ends its process', async () => {
    fresh();
    const keys = eventKeys(tag);
    const first = follow({ handle: async () => {} });
    await first.ready;
    await first.close();
    await log().append(appendOf('deadly'));
    await redis.xreadgroup('GROUP', 'router', 'killed', 'STREAMS', keys.feed, '>');
    await redis.hset(keys.strikes, 'router deadly', 5);
    const handled: string[] = [];
    await follow({ handle: async ({ stream }) => void handled.push(stream), idleMs: 20 }).ready;
    const quarantine = createQuarantine({ redis, tag });
    await waitUntil('it is quarantined', async () => (await quarantine.get('deadly')) !== null);
    expect(handled).toEqual([]);
  });

  test('with an event of a newer version is left to newer processes, however often it comes', async () => {
    fresh();
    const quarantine = createQuarantine({ redis, tag });
    let tries = 0;
    const older = follow({
      idleMs: 20,
      handle: async () => {
        tries += 1;
        throw new NewerEvent('agent.progressed@2');
      },
    });
    await older.ready;
    await log().append(appendOf('new'));
    await waitUntil('it was delivered many times', () => tries > 7);
    expect(await quarantine.get('new')).toBeNull();
    expect(await pending()).toBe(1);
    await older.close();
    await follow({ handle: async () => {} }).ready;
    await waitUntil('a newer process took it', deliveredAll);
  });

  test('now and then is not quarantined: success forgets the failures', async () => {
    fresh();
    let tries = 0;
    let handled = 0;
    const handle = async ({ version }: { version: number }) => {
      tries += 1;
      if (tries % 2 === 1) throw new Error('every other time');
      handled = Math.max(version, handled);
    };
    await follow({ handle, idleMs: 20 }).ready;
    let head = EMPTY_HEAD;
    for (let i = 1; i <= 6; i++) {
      head = (await log().append({ ...appendOf('a'), expected: head })).at(-1) ?? EMPTY_HEAD;
      await waitUntil('it was acknowledged', async () => handled === i && (await deliveredAll()));
    }
    expect(tries).toBeGreaterThanOrEqual(12);
    expect(await createQuarantine({ redis, tag }).list()).toEqual([]);
  });
});

describe('the feed', () => {
  test('is trimmed to what every group has acknowledged, but for the newest entries', async () => {
    fresh();
    const keys = eventKeys(tag);
    for (const group of ['router', 'state']) await redis.xgroup('CREATE', keys.feed, group, '$', 'MKSTREAM');
    for (let i = 0; i < 20; i++) await log().append(appendOf(`s${i}`));
    const read = async (group: string, count: number) => {
      const reply = await redis.xreadgroup('GROUP', group, 'c', 'COUNT', count, 'STREAMS', keys.feed, '>');
      expect(reply).not.toBeNull();
      const ids = (await redis.xrange(keys.feed, '-', '+')).slice(0, count).map(([id]) => id);
      return ids;
    };
    const router = await read('router', 20);
    await redis.xack(keys.feed, 'router', ...router);
    expect(await trimFeed(redis, tag, 5)).toBe(0); // the group state has seen nothing
    const state = await read('state', 12);
    await redis.xack(keys.feed, 'state', ...state.slice(0, 8)); // entries 9 to 12 are pending
    expect(await trimFeed(redis, tag, 5)).toBe(8);
    await redis.xack(keys.feed, 'state', ...state.slice(8));
    await redis.xgroup('SETID', keys.feed, 'state', '$');
    expect(await trimFeed(redis, tag, 5)).toBe(7);
    expect(await redis.xlen(keys.feed)).toBe(5);
  });

  test('is held back neither by a group that never came nor by one that is not in the list', async () => {
    fresh();
    const keys = eventKeys(tag);
    await redis.xgroup('CREATE', keys.feed, 'router', '$', 'MKSTREAM');
    await redis.xgroup('CREATE', keys.feed, 'forgotten', '0');
    for (let i = 0; i < 10; i++) await log().append(appendOf(`s${i}`));
    await redis.xgroup('SETID', keys.feed, 'router', '$');
    expect(await trimFeed(redis, tag, 2)).toBe(8);
  });
});
