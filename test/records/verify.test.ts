import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { eventKeys } from '#events/redis';
import { studioIn } from '../cli/studio.ts';
import { testRedis } from '../support/redis.ts';

const server = testRedis();
const { folder, run } = studioIn({
  REDIS_URL: server.url,
  STUDIO_TAG: server.tag,
  STUDIO_RETENTION_FOLDER: 'archive',
});

const ids: string[] = [];
beforeAll(async () => {
  for (const goal of ['Add a page', 'Add another', 'Fix the page']) {
    const { id } = JSON.parse((await run(['submit', goal, '--json'])).stdout);
    ids.push(id);
  }
  for (const id of ids.slice(0, 2)) await run(['abort', id]);
  const archived = await run(['archive', '--older-than', '0s', '--json']);
  expect(JSON.parse(archived.stdout)).toMatchObject({ archived: [{}, {}], failed: [] });
});

test('verify checks every log, also of runs that are archived, of those that no list shows, and of a backlog', async () => {
  const { code, stdout } = await run(['verify']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '3 logs verified\n' });
  await run(['project', 'add', 'Add a page']);
  expect((await run(['verify'])).stdout).toBe('4 logs verified\n');
  expect((await run(['verify', ids[0] ?? ''])).stdout).toMatch(
    /✓ orch_\S+: \d+ events, nothing changed, head [0-9a-f]{64}/,
  );
});

test('a rebuild lists archived runs like the others', async () => {
  expect((await run(['rebuild'])).stdout).toBe('the list is made again from the log: 3 rows\n');
  const { stdout } = await run(['list', '--json']);
  expect(
    JSON.parse(stdout)
      .orchestrations.map(({ id }: { id: string }) => id)
      .toSorted(),
  ).toEqual(ids.toSorted());
});

test('replay, state and export of an archived run answer as before', async () => {
  const [id = ''] = ids;
  expect((await run(['replay', id, '--verify'])).stdout).toMatch(/today's code decides the same/);
  expect((await run(['state', id, '--at', '2', '--json'])).code).toBe(0);
  const file = join(folder, 'archived.jsonl');
  expect((await run(['export', id, '--output', file])).code).toBe(0);
  expect((await run(['verify', file])).code).toBe(0);
});

test('verify names each run that cannot be trusted, and goes on with the others', async () => {
  const redis = server.connect();
  const keys = eventKeys(server.tag);
  const [first = '', , live = ''] = ids;
  // A stream takes no older entry, so all of it is written again with one byte changed.
  const all = await redis.xrange(keys.stream(live), '-', '+');
  await redis.del(keys.stream(live));
  for (const [at, values] of all)
    await redis.xadd(keys.stream(live), at, ...values.map((value) => (at === '2-0' ? value.replace('e', 'E') : value)));
  const { file } = JSON.parse((await redis.hget(keys.archived, first)) ?? '{}');
  await rm(join(folder, '.studio', 'archive', file));
  const { code, stdout } = await run(['verify', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ verified: 2 });
  expect(JSON.parse(stdout).failed).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ stream: first, problem: 'unreadable' }),
      expect.objectContaining({ stream: live, problem: 'changed', version: 2 }),
    ]),
  );
});
