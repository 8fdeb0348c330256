import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { DryRunDocument, SubmitAnswer } from '#contracts';
import { studioIn } from '../cli/studio.ts';
import { goldenFile } from '../history/golden.ts';
import { testRedis } from '../support/redis.ts';

const server = testRedis();
const { folder, run } = studioIn({ REDIS_URL: server.url, STUDIO_TAG: server.tag });
const redis = server.connect();
const shop = join(folder, 'shop');
const git = (...args: readonly string[]): string => execFileSync('git', ['-C', shop, ...args], { encoding: 'utf8' });

beforeAll(() => {
  mkdirSync(shop);
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'a@b');
  git('config', 'user.name', 'a');
  writeFileSync(join(shop, 'letter.md'), 'You will recieve a letter.\n');
  writeFileSync(join(shop, 'package.json'), '{"name": "shop", "scripts": {"test": "node --test"}}\n');
  git('add', '.');
  git('commit', '-q', '-m', 'A letter');
});

const dryRun = async (...argv: readonly string[]): Promise<DryRunDocument> => {
  const { code, stdout, stderr } = await run(['build', '--workspace', shop, ...argv, '--dry-run', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return DryRunDocument.parse(JSON.parse(stdout));
};

const TYPO = 'Fix the typo "recieve" to "receive" everywhere';

const planFile = (name: string, path: string): string => {
  const file = join(folder, name);
  const verification = { type: 'file_exists', path };
  const step = {
    id: 'step_1',
    name: `Write ${path}`,
    action: 'Write it.',
    operations: [{ op: 'write', path, content: 'x' }],
    success_criteria: [{ criterion: 'it is there', verification }],
  };
  writeFileSync(file, JSON.stringify({ id: 'bp_1', task_id: 'T1', goal: `Write ${path}`, steps: [step] }));
  return file;
};

const submitted = async (...argv: readonly string[]): Promise<string> => {
  const answer = SubmitAnswer.parse(JSON.parse((await run(['submit', ...argv, '--json'])).stdout));
  if (answer.outcome !== 'created') throw new Error(`expected created, found ${answer.outcome}`);
  return answer.id;
};

/** Everything that a dry run could have changed. */
const everything = async () => {
  const keys = (await redis.keys(`${server.tag.replace(/[{}]/g, '\\$&')}*`)).toSorted();
  return {
    redis: await Promise.all(keys.map(async (key) => [key, (await redis.dumpBuffer(key))?.toString('hex')])),
    refs: git('for-each-ref'),
    worktrees: git('worktree', 'list'),
    status: git('status', '--porcelain', '--ignored'),
    files: readdirSync(folder, { recursive: true }).map(String).toSorted(),
    letter: readFileSync(join(shop, 'letter.md'), 'utf8'),
  };
};

test('a dry run tells the route with its signals, the plan that a recipe would make with its score, and the gates', async () => {
  expect(await dryRun(TYPO)).toMatchObject({
    goal: TYPO,
    workspace: shop,
    route: { workflow: 'build_only', agents: ['builder'], confidence: 0.7, asks: false },
    plan: { source: 'recipe fix-typo', verdict: 'go', steps: [{ id: 'step_1', operations: 1 }] },
    no_plan: null,
    gates: expect.arrayContaining([{ gate: 'test', command: 'npm test', source: expect.any(String) }]),
    files: ['letter.md'],
    conflicts: [],
    questions: [],
    estimate: { runs: 0, duration_ms: null, cost_usd: null },
  });
});

test('a dry run says why there is no plan, and what would help', async () => {
  const { plan, no_plan: why } = await dryRun('Refactor the letter into chapters');
  expect(plan).toBeNull();
  expect(why).toMatch(/no recipe fits this goal; configure an engine that can plan/);
});

test('a dry run changes nothing: no log, no queue, no ref, no file', async () => {
  await submitted('Add a page', '--workspace', shop);
  const before = await everything();
  await dryRun(TYPO);
  await dryRun('Add a page', '--plan', planFile('before.json', 'page.md'));
  await run(['orchestrate', 'build', TYPO, '--workspace', shop, '--dry-run']);
  await run(['build', 'x', '--workspace', join(folder, 'nowhere'), '--dry-run']);
  const { files, ...after } = await everything();
  expect({ ...after, files: files.filter((file) => file !== 'before.json') }).toEqual(before);
});

test('a dry run names the files in conflict with running goals, and the runs of which nobody knows', async () => {
  const busy = await submitted('Write letter.md', '--workspace', shop, '--plan', planFile('letter.json', 'letter.md'));
  await submitted('Write page.md', '--workspace', shop, '--plan', planFile('page.json', 'page.md'));
  await submitted('Write letter.md elsewhere', '--workspace', folder, '--plan', planFile('other.json', 'letter.md'));
  const unknown = await submitted('Refactor everything', '--workspace', shop);
  const { conflicts, undeclared } = await dryRun(TYPO);
  expect(conflicts).toEqual([{ id: busy, goal: 'Write letter.md', status: expect.any(String), files: ['letter.md'] }]);
  expect(undeclared).toContain(unknown);
});

test('a dry run lists the questions that it will ask', async () => {
  const explicit = await run(['orchestrate', 'build', TYPO, '--workspace', shop, '--dry-run', '--json']);
  expect(DryRunDocument.parse(JSON.parse(explicit.stdout)).questions).toMatchObject([
    { about: 'route', prompt: expect.stringMatching(/^Route: build_only .*Proceed\?$/), default: null },
  ]);
  const confirmed = await run(['orchestrate', 'build', TYPO, '--workspace', shop, '--dry-run', '--yes', '--json']);
  expect(DryRunDocument.parse(JSON.parse(confirmed.stdout)).questions).toEqual([]);
});

test('a dry run of several tasks foresees each of them: its route, the plan of a recipe, its files and its time', async () => {
  const argv = ['Tidy up', '--task', TYPO, '--task', 'Refactor the letter'];
  const { route, tasks, files } = await dryRun(...argv);
  expect([route.workflow, files]).toEqual(['multi_task', ['letter.md']]);
  expect(tasks).toMatchObject([
    {
      id: 'T1',
      goal: TYPO,
      route: { workflow: 'plan_then_build', agents: ['planner', 'builder'] },
      plan: { source: 'recipe fix-typo', verdict: 'go', steps: [{ operations: 1 }] },
      no_plan: null,
      files: ['letter.md'],
      questions: [],
      estimate: { basis: expect.stringContaining('plan_then_build') },
    },
    { id: 'T2', plan: null, no_plan: expect.stringContaining('no recipe fits this goal'), files: [] },
  ]);
  const { stdout } = await run(['build', '--workspace', shop, ...argv, '--dry-run']);
  expect(stdout).toMatch(/ T1 Fix the typo .*: 1 step from recipe fix-typo, confidence \d+ % \(go\)/);
  expect(stdout).toMatch(/plans +none yet of T2: no recipe fits this goal/);
});

test('a dry run of a specification tells the tasks that it names, and one that cannot be run is refused with every problem', async () => {
  const file = join(folder, 'spec.md');
  writeFileSync(file, '# Shop\n- [ ] Add a page (after T2)\n- [ ] Fix the letter (files: letter.md)\n');
  const { tasks, no_plan: why, files } = await dryRun(file);
  expect(tasks.map(({ id, depends_on: needs }) => [id, needs])).toEqual([
    ['T1', ['T2']],
    ['T2', []],
  ]);
  expect([why, files]).toEqual([null, ['letter.md']]);

  writeFileSync(file, '- [ ] One (after T2) (effort: XL) (priority: 17)\n- [ ] Two (after T1)\n');
  const { code, stderr } = await run(['build', file, '--workspace', shop, '--dry-run']);
  expect(code).toBe(2);
  for (const problem of [/\(priority: 17\)/, /T1 is XL/, /cycle: T1 → T2 → T1/]) expect(stderr).toMatch(problem);
});

test('a dry run of a whole project draws the map that a skeleton would give, and says that it waits for approval', async () => {
  const { stdout: skeleton } = await run(['recipes', 'node-service', '--json']);
  const goal = JSON.parse(skeleton).example;
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const { stdout } = await run(['orchestrate', 'build', goal, '--workspace', empty, '--dry-run', '--json']);
  const { route, tasks, no_plan: why, questions } = DryRunDocument.parse(JSON.parse(stdout));
  expect({ workflow: route.workflow, why }).toEqual({ workflow: 'decompose_first', why: null });
  expect(tasks.length).toBeGreaterThan(1);
  expect(questions.map(({ about }) => about)).toEqual(['route', 'map']);
});

test('a dry run tells the time of past runs like it, and from how many', async () => {
  const { code } = await run(['import', goldenFile('plan-then-build').pathname]);
  expect(code).toBe(0);
  await run(['rebuild']);
  const basis = 'plan_then_build without an engine for its steps';
  const { estimate } = await dryRun('Add a page to the shop');
  expect(estimate).toMatchObject({ basis: `completed runs: ${basis}`, runs: 1, cost_usd: null });
  expect(estimate.duration_ms?.median).toBeGreaterThan(0);
  const other = await dryRun('Add a page to the shop', '--engine', 'another');
  expect(other.estimate).toMatchObject({ basis: 'completed runs: plan_then_build with engine another', runs: 0 });
  const { stdout } = await run(['build', 'Add a page to the shop', '--workspace', shop, '--dry-run']);
  expect(stdout).toMatch(
    /time .*nine of ten within .*\(1 run; completed runs: plan_then_build without an engine for its steps\)\n {2}cost +nobody said what runs like this cost/,
  );
});

test('a dry run tells the cost of those past runs that were told it', async () => {
  await Promise.all(
    ['a-budget-is-raised', 'a-day-is-waited-out'].map((name) => run(['import', goldenFile(name).pathname])),
  );
  await run(['rebuild']);
  const { estimate } = await dryRun('Add a page to the shop', '--plan', planFile('priced.json', 'priced.md'));
  expect(estimate).toMatchObject({ basis: 'completed runs: build_only without an engine for its steps', runs: 2 });
  expect(estimate.cost_usd).toEqual({ median: 3.265, p90: 3.265, runs: 1 });
  const { stdout } = await run(['list', '--status', 'completed']);
  expect(stdout).toMatch(/completed .* 3\.27 USD /);
});

test('a dry run of a goal that would be refused says every problem and leaves no trace', async () => {
  const { code, stderr } = await run([
    'build',
    'x',
    '--workspace',
    shop,
    '--label',
    `${'k'.repeat(64)}=v`,
    '--dry-run',
  ]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/labels/);
  expect(await redis.keys(`${server.tag.replace(/[{}]/g, '\\$&')}:*reject*`)).toEqual([]);
});
