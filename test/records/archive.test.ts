import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConnectStudioOptions, connectStudio, type Studio } from '#client';
import { createRedisEventLog, eventKeys } from '#events/redis';
import { loadConfig } from '#runtime';
import { createLogger } from '#runtime/logger';
import { startState } from '#state';
import { loadFrom } from '#views';
import { testFolder } from '../support/folder.ts';
import { testRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait-until.ts';

const server = testRedis();
const redis = server.connect();
const { config } = await loadConfig({ file: null, env: {} });
const LATER = new Date('2100-01-01T00:00:00Z');

const linesOf = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

/** An installation of its own, with a folder for what is archived. */
const install = async (name: string, more: Partial<ConnectStudioOptions> = {}) => {
  const tag = `${server.tag}:${name}`;
  const folder = testFolder();
  const archiveFolder = async () => folder;
  const log = createRedisEventLog({ redis, tag, archiveFolder });
  const studio = await connectStudio({ redis, tag, config, actor: 'person:alice', archiveFolder, ...more });
  return { tag, folder, log, studio, keys: eventKeys(tag) };
};

const submit = async (studio: Studio, goal: Record<string, unknown> = { goal: 'Add a page' }): Promise<string> => {
  const answer = await studio.submit(goal);
  if (answer.outcome !== 'created') throw new Error(`expected created, got ${answer.outcome}`);
  return answer.id;
};

/** A run that has ended, with a field that is kept apart. */
const ended = async (studio: Studio, goal?: Record<string, unknown>): Promise<string> => {
  const id = await submit(studio, {
    labels: { large: 'x'.repeat(200) },
    goal: `Add ${'päges '.repeat(2_600)}`,
    ...goal,
  });
  await studio.control(id, { command: 'abort', reason: 'seen enough' });
  return id;
};

const everything = async (studio: Studio, id: string) => ({
  state: await studio.state(id),
  why: await studio.why(id),
  early: await studio.state(id, { version: 2 }),
  events: await studio.events(id),
  tail: await studio.events(id, { after: 2 }),
  head: await studio.head(id),
  export: await linesOf(studio.export(id)),
  list: (await studio.list()).orchestrations.find((row) => row.id === id),
});

describe('a run that is archived', () => {
  test('leaves Redis, and every read of it answers as before', async () => {
    const { studio, folder, tag } = await install('reads');
    const id = await ended(studio);
    await studio.rebuild();
    const before = await everything(studio, id);
    const keysOf = (what: string) => redis.keys(`${tag.replace(/[{}]/g, '\\$&')}:${what}:*`);
    expect([(await keysOf('stream')).length, (await keysOf('blob')).length]).toEqual([1, 1]);
    const { archived, failed } = await studio.archive({ before: LATER });
    expect({ ids: archived.map((row) => row.id), failed }).toEqual({ ids: [id], failed: [] });
    expect([await keysOf('stream'), await keysOf('blob')]).toEqual([[], []]);
    expect(await readdir(join(folder, id.slice(5, 11)))).toEqual([`${id}-${before.head.version}.jsonl.gz`]);

    expect(await everything(studio, id)).toEqual(before);
    expect(await studio.resolve(id.slice(0, -2))).toBe(id);
    await studio.rebuild();
    expect(await everything(studio, id)).toEqual(before);
  });

  test('keeps its idempotency key: the same goal is a duplicate', async () => {
    const { studio, keys, tag } = await install('key');
    const goal = { goal: 'Add a page', key: 'once' };
    const id = await ended(studio, goal);
    await studio.archive({ before: LATER });
    const fresh = await connectStudio({ redis, tag, config, actor: 'person:bob' });
    await expect(fresh.state(id)).rejects.toMatchObject({ code: 'log.archive_unreadable' });
    expect(await studio.submit({ labels: { large: 'x'.repeat(200) }, ...goal })).toEqual({ outcome: 'duplicate', id });
    expect(await redis.exists(keys.stream(id))).toBe(0);
  });

  test('comes back by itself when a fact is added, and is archived again with it', async () => {
    const { studio, log, folder } = await install('back');
    const id = await ended(studio);
    await studio.archive({ before: LATER });
    const { version, hash } = await log.head(id);
    const time = new Date().toISOString();
    const stored = await log.append({
      stream: id,
      expected: { version, hash },
      events: [{ type: 'branch.discarded', v: 1, data: { branch: `studio/${id}` } }],
      trace: { actor: 'person:alice', correlationId: id, causationId: null, time },
      index: { live: false, dueMs: null },
    });
    expect(stored[0]?.version).toBe(version + 1);
    expect(await studio.events(id)).toHaveLength(version + 1);
    await studio.archive({ before: LATER });
    expect(await readdir(join(folder, id.slice(5, 11)))).toContain(`${id}-${version + 1}.jsonl.gz`);
    expect(await studio.events(id)).toHaveLength(version + 1);
  });

  test('whose file is gone says where it was, and an export brings it back', async () => {
    const { studio, folder } = await install('gone');
    const id = await ended(studio);
    const lines = await linesOf(studio.export(id));
    await studio.archive({ before: LATER });
    await rm(folder, { recursive: true });
    const again = await install('gone');
    await expect(again.studio.events(id)).rejects.toMatchObject({ code: 'log.archive_unreadable' });
    const answers = [];
    for await (const answer of again.studio.import(async function* () {
      yield* lines;
    }))
      answers.push(answer.outcome);
    expect(answers).toEqual(['imported']);
    expect(await linesOf(again.studio.export(id))).toEqual(lines);
  });

  test('whose file was changed is found out', async () => {
    const { studio, folder } = await install('changed');
    const id = await ended(studio);
    const { archived } = await studio.archive({ before: LATER });
    const file = join(folder, archived[0]?.file ?? '');
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 20));
    const again = await connectStudio({
      redis,
      tag: `${server.tag}:changed`,
      config,
      actor: 'person:alice',
      archiveFolder: async () => folder,
    });
    await expect(again.events(id)).rejects.toMatchObject({ code: 'log.archive_unreadable' });
  });
});

describe('archiving', () => {
  test('leaves alone what lives, what ended lately, and what cannot be verified', async () => {
    const { studio, keys } = await install('left');
    const live = await submit(studio);
    const lately = await ended(studio);
    const damaged = await ended(studio);
    const yesterday = new Date(Date.now() - 86_400_000);
    expect((await studio.archive({ before: yesterday })).archived).toEqual([]);

    const [[entry, fields] = ['', []]] = await redis.xrange(keys.stream(damaged), '2-0', '2-0');
    expect(entry).toBe('2-0');
    // A stream takes no older entry, so all of it is written again with one byte changed.
    const all = await redis.xrange(keys.stream(damaged), '-', '+');
    await redis.del(keys.stream(damaged));
    for (const [at, values] of all)
      await redis.xadd(keys.stream(damaged), at, ...(at === '2-0' ? fields.map((f) => f.replace('e', 'E')) : values));

    const { archived, failed } = await studio.archive({ before: LATER });
    expect(archived.map(({ id }) => id)).toEqual([lately]);
    expect(failed).toEqual([{ id: damaged, problem: expect.stringContaining('event 2') }]);
    expect(await redis.exists(keys.stream(live), keys.stream(damaged))).toBe(2);
  });

  test('by two at once archives each run once', async () => {
    const { studio } = await install('twice');
    const ids = [await ended(studio), await ended(studio), await ended(studio)];
    const both = await Promise.all([studio.archive({ before: LATER }), studio.archive({ before: LATER })]);
    expect(both.flatMap(({ archived }) => archived.map(({ id }) => id)).sort()).toEqual(ids.sort());
    expect(both.flatMap(({ failed }) => failed)).toEqual([]);
    for (const id of ids) expect((await studio.state(id)).outcome?.kind).toBe('aborted');
  });

  test('as a dry run changes nothing', async () => {
    const { studio, folder, keys } = await install('dry');
    const id = await ended(studio);
    const { archived, dry_run } = await studio.archive({ before: LATER, dryRun: true });
    expect({ dry_run, ids: archived.map((row) => row.id) }).toEqual({ dry_run: true, ids: [id] });
    expect([await redis.exists(keys.archived), await readdir(folder)]).toEqual([0, []]);
  });

  test('happens by itself where a projector runs', async () => {
    const { studio, log, tag, folder, keys } = await install('itself');
    const id = await ended(studio);
    const state = await startState({
      redis,
      tag,
      load: loadFrom(log),
      retention: { log, folder, afterDays: 0 },
      version: '0',
      logger: createLogger({ name: 'test', level: 'error' }),
    });
    await waitUntil('it is archived', async () => (await redis.hexists(keys.archived, id)) === 1);
    await waitUntil('it is listed', async () => (await studio.list()).orchestrations.length === 1);
    await state.stop();
  });

  test('needs a folder', async () => {
    const { studio } = await install('nowhere', { archiveFolder: async () => null });
    await expect(studio.archive({ before: LATER })).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
