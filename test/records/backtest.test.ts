import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { BacktestDocument } from '#contracts';
import { createRedisEventLog } from '#events/redis';
import { studioIn } from '../cli/studio.ts';
import { testRedis } from '../support/redis.ts';

const { url, tag, connect } = testRedis();
const { folder, run } = studioIn({ REDIS_URL: url, STUDIO_TAG: tag });
/** Nothing answers there: whoever needs no server finds out. */
const nowhere = studioIn({ REDIS_URL: 'redis://127.0.0.1:1' });

const submit = async (goal: string): Promise<string> => {
  const { stdout } = await run(['submit', goal, '--json']);
  return JSON.parse(stdout).id;
};

const policyFile = (where: string, name: string, text: string): string => {
  const file = join(where, name);
  writeFileSync(file, text);
  return file;
};

let careful: string;
const ids: string[] = [];
beforeAll(async () => {
  for (const goal of ['Fix the login page', 'Add a page', 'Refactor the page']) ids.push(await submit(goal));
  careful = policyFile(folder, 'careful.yaml', 'routing: {confirm_threshold: 0.8}\nhost: {builders: 3}\n');
});

test('a backtest tells which recorded routes another threshold would have asked about, by id and version', async () => {
  const { code, stdout } = await run(['backtest', '--policy', careful, '--json']);
  expect(code).toBe(0);
  const document = BacktestDocument.parse(JSON.parse(stdout));
  expect(document).toMatchObject({
    policy: { values: [{ key: 'routing.confirm_threshold', value: 0.8 }], routing_table: null, not_judged: ['host'] },
    runs: 3,
    decisions: { judged: 3, changed: 1, unknown: 0, drifted: [] },
    unreadable: [],
  });
  expect(document.changes).toMatchObject([
    { id: ids[0], version: 2, what: 'route', recorded: { asks: false }, policy: { asks: true } },
  ]);
  const { stdout: told } = await run(['backtest', '--policy', careful]);
  expect(told).toMatch(
    /^3 runs, \d+ events: 1 of 3 decisions would be another\n {2}routing\.confirm_threshold = 0\.8\n/,
  );
  expect(told).toContain(`${ids[0]}  2  build_only 70 % → build_only 70 %, asks`);
});

test('a backtest of the newest runs leaves the others out', async () => {
  const { stdout } = await run(['backtest', '--policy', careful, '--last', '2', '--json']);
  expect(BacktestDocument.parse(JSON.parse(stdout))).toMatchObject({ runs: 2, changes: [] });
});

test('a backtest of exports needs no server, and finds the same', async () => {
  const file = join(folder, 'all.jsonl.gz');
  await run(['export', '--all', '--output', file]);
  const { stdout: log } = await run(['backtest', '--policy', careful, '--json']);
  const { code, stdout } = await nowhere.run(['backtest', file, '--policy', careful, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(log));
});

test('a backtest under another routing table routes every recorded goal again', async () => {
  const table = readFileSync(new URL('../../data/routing.yaml', import.meta.url), 'utf8');
  policyFile(
    folder,
    'table.yaml',
    table.replace('id: refactor\n    workflow: plan_then_build', 'id: refactor\n    workflow: decompose_first'),
  );
  for (const file of ['table.yaml', policyFile(folder, 'both.yaml', 'routing_table: table.yaml\n')]) {
    const { stdout } = await run(['backtest', '--policy', file, '--json']);
    const document = BacktestDocument.parse(JSON.parse(stdout));
    expect(document.policy.routing_table).toMatch(/^[0-9a-f]{64}$/);
    expect(document.changes).toMatchObject([
      { id: ids[2], recorded: { workflow: 'plan_then_build' }, policy: { workflow: 'decompose_first' } },
    ]);
  }
});

test('a backtest stores nothing', async () => {
  const redis = connect();
  const log = createRedisEventLog({ redis, tag });
  const before = await Promise.all(ids.map((id) => log.head(id)));
  const keys = (await redis.keys(`${tag.replace(/[{}]/g, '\\$&')}*`)).toSorted();
  await run(['backtest', '--policy', careful]);
  expect(await Promise.all(ids.map((id) => log.head(id)))).toEqual(before);
  expect((await redis.keys(`${tag.replace(/[{}]/g, '\\$&')}*`)).toSorted()).toEqual(keys);
});

test('a backtest without a policy, or with one that is wrong, says every problem and exits with 2', async () => {
  expect(await run(['backtest'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--policy') });
  const file = policyFile(folder, 'wrong.yaml', 'recovery: {step_tries: 0, replans: many}\n');
  const { code, stderr } = await run(['backtest', '--policy', file]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/recovery\.step_tries: .*\n.*recovery\.replans: /);
  expect(await run(['backtest', '--policy', 'nowhere.yaml'])).toMatchObject({ code: 2 });
  expect(await run(['backtest', 'x.jsonl', '--policy', file, '--last', '3'])).toMatchObject({ code: 2 });
});
