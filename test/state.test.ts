import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { connectStudio } from '#client';
import type { ListPage } from '#contracts';
import { fold } from '#domain';
import { createRedisEventLog } from '#events/redis';
import { createLogger } from '#runtime/logger';
import { startState } from '#state';
import { loadFrom, rowOf, type StoredRow, viewKeys } from '#views';
import { builtInConfig } from './support/orchestration.ts';
import { testRedis } from './support/redis.ts';
import { waitUntil } from './support/wait-until.ts';

const server = testRedis();
const redis = server.connect();
const logger = createLogger({ name: 'test', level: 'error' });
const config = await builtInConfig();

/** An installation of its own, so that lists hold what the test made. */
const install = async (name: string) => {
  const tag = server.tag.replace('}', `-${name}}`);
  const log = createRedisEventLog({ redis, tag });
  const studio = await connectStudio({ redis, tag, config, actor: 'person:alice' });
  const submit = async (goal: Record<string, unknown>): Promise<string> => {
    const answer = await studio.submit(goal);
    if (answer.outcome !== 'created') throw new Error(`expected created, got ${answer.outcome}`);
    return answer.id;
  };
  const project = (idleMs = 60_000) => startState({ redis, tag, load: loadFrom(log), version: '0', logger, idleMs });
  /** Every row is the fold of its stream. */
  const rowsEqualFolds = async (): Promise<boolean> => {
    for (const id of await log.streams('all')) {
      const state = fold(await log.read(id));
      const json = await redis.hget(viewKeys(tag).rows, id);
      if (state.lifecycle === 'absent' || json !== JSON.stringify(rowOf(state))) return false;
    }
    return true;
  };
  const drop = async () => {
    for await (const keys of redis.scanStream({ match: `${tag}:*` })) if (keys.length > 0) await redis.unlink(keys);
  };
  return { tag, log, studio, submit, project, rowsEqualFolds, drop };
};

const idsOf = ({ orchestrations }: ListPage) => orchestrations.map(({ id }) => id);

describe('the list', () => {
  test('narrows by every filter, newest first, and pages without loss or repetition', async () => {
    const { studio, submit, project, rowsEqualFolds, drop } = await install('list');
    const state = await project();
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      ids.unshift(await submit({ goal: `Add endpoint ${i}`, labels: { team: i % 2 ? 'web' : 'api', n: `${i}` } }));
      const sinceMs = Date.now();
      await waitUntil('the next one is newer', () => Date.now() > sinceMs);
    }
    const [newest = '', second = ''] = ids;
    await studio.control(newest, { command: 'pause', reason: 'lunch' });
    await studio.control(second, { command: 'abort', reason: null });
    await waitUntil('every row is there', rowsEqualFolds);

    expect(idsOf(await studio.list())).toEqual(ids);
    expect(idsOf(await studio.list({ status: 'paused' }))).toEqual([newest]);
    expect(idsOf(await studio.list({ wait: 'paused' }))).toEqual([newest]);
    expect(idsOf(await studio.list({ status: 'failed' }))).toEqual([second]);
    expect(idsOf(await studio.list({ wait: 'no_worker' }))).toEqual(ids.slice(2));
    expect(idsOf(await studio.list({ wait: 'queued' }))).toEqual([]);
    expect(idsOf(await studio.list({ label: 'team=web' }))).toEqual(ids.filter((_, i) => i % 2 === 1));
    expect(idsOf(await studio.list({ label: 'team=web', status: 'paused' }))).toEqual([]);
    expect(idsOf(await studio.list({ since: '2100-01-01T00:00:00Z' }))).toEqual([]);
    expect(idsOf(await studio.list({ since: '2020-01-01T00:00:00Z', limit: 2 }))).toEqual(ids.slice(0, 2));

    const paged: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await studio.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...idsOf(page));
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(ids);
    await expect(studio.list({ cursor: 'x' })).rejects.toMatchObject({ code: 'input.invalid' });
    await state.stop();
    await drop();
  });

  test('holds more runs of one millisecond than a page', async () => {
    const { tag, studio, drop } = await install('ties');
    const keys = viewKeys(tag);
    const ids = Array.from({ length: 250 }, (_, i) => `orch_20260202_143052_${String(i).padStart(12, '0')}`);
    for (const id of ids) {
      const row: StoredRow = {
        row: {
          id,
          version: 1,
          goal: 'g',
          status: 'executing',
          outcome: null,
          workflow: null,
          wait: 'running',
          labels: {},
          workspace: null,
          parent: null,
          cost_usd: 0,
          created_at: '2026-02-02T14:30:52.000Z',
          updated_at: '2026-02-02T14:30:52.000Z',
        },
        role: null,
        until: null,
        createdMs: 1,
        indexes: ['all'],
      };
      await redis.hset(keys.rows, id, JSON.stringify(row));
      await redis.zadd(keys.index('all'), 1, id);
    }
    const paged: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await studio.list({ limit: 40, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...idsOf(page));
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(ids.toReversed());
    await drop();
  });
});

describe('the projector', () => {
  test('two at once store the newest row of each stream', async () => {
    const { studio, submit, project, rowsEqualFolds, drop } = await install('two');
    const projectors = await Promise.all([project(), project()]);
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => submit({ goal: `Add endpoint ${i}` })));
    await Promise.all(
      ids.map(async (id, i) => {
        await studio.control(id, { command: 'pause', reason: null });
        await studio.control(id, { command: 'resume', checkpoint: null });
        if (i % 2) await studio.control(id, { command: 'abort', reason: null });
      }),
    );
    await waitUntil('every row is the fold of its stream', rowsEqualFolds);
    await Promise.all(projectors.map(({ stop }) => stop()));
    await drop();
  });

  test('killed midway, another finishes', async () => {
    const { tag, submit, project, rowsEqualFolds, drop } = await install('killed');
    for (let i = 0; i < 60; i++) await submit({ goal: `Add endpoint ${i}` });
    const script = `
      import { Redis } from 'ioredis';
      import { createRedisEventLog } from '#events/redis';
      import { startState } from '#state';
      import { loadFrom } from '#views';
      import { createLogger } from '#runtime/logger';
      const redis = new Redis(process.env.REDIS);
      const tag = process.env.TAG;
      await startState({ redis, tag, load: loadFrom(createRedisEventLog({ redis, tag })), version: '0', logger: createLogger({ name: 'x', level: 'silent' }) });
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, REDIS: server.url, TAG: tag },
      stdio: 'ignore',
    });
    const exit = once(child, 'exit');
    await waitUntil('it has begun', async () => (await redis.hlen(viewKeys(tag).rows)) > 0);
    child.kill('SIGKILL');
    await exit;
    for (let i = 0; i < 5; i++) await submit({ goal: `Add page ${i}` });
    const next = await project(200);
    await waitUntil('every row is the fold of its stream', rowsEqualFolds);
    await next.stop();
    await drop();
  });

  test('a late, older row does not replace a newer one', async () => {
    const { tag, log, studio, submit, drop } = await install('late');
    const id = await submit({ goal: 'Add a page' });
    const before = fold(await log.read(id));
    await studio.control(id, { command: 'abort', reason: null });
    await studio.rebuild();
    if (before.lifecycle === 'absent') throw new Error('it was submitted');
    const keys = viewKeys(tag);
    const old = JSON.stringify(rowOf(before));
    expect(await redis.studioStoreRow(keys.rows, keys.indexes, keys.indexPrefix, id, old)).toBe(0);
    expect(idsOf(await studio.list({ status: 'failed' }))).toEqual([id]);
    await drop();
  });
});

test('a rebuilt view is the fold of every stream, and keeps nothing of what was there', async () => {
  const { tag, studio, submit, rowsEqualFolds, drop } = await install('rebuild');
  const ids = [await submit({ goal: 'Add a page', labels: { a: 'b' } }), await submit({ goal: 'Fix a typo' })];
  await studio.control(ids[0] ?? '', { command: 'abort', reason: null });
  expect(await studio.rebuild()).toBe(2);
  const keys = viewKeys(tag);
  await redis.hset(keys.rows, 'orch_20260202_143052_000000000000', '{}');
  await redis.hset(keys.rows, ids[0] ?? '', (await redis.hget(keys.rows, ids[1] ?? '')) ?? '');
  expect(await studio.rebuild()).toBe(2);
  expect(await rowsEqualFolds()).toBe(true);
  expect(await redis.hlen(keys.rows)).toBe(2);
  expect(idsOf(await studio.list({ label: 'a=b' }))).toEqual([ids[0]]);
  await drop();
});
