import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue, QueueEvents } from 'bullmq';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineGoal, linesIn, makeRepository } from './support/line-goals.ts';
import { auditOrchestrations } from './support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from './support/scene.ts';
import { PATIENCE_MS, waitUntil } from './support/wait-until.ts';

let scene: Scene;
let repository: string;
let pids: readonly number[];

beforeAll(async () => {
  scene = await setScene();
  repository = join(scene.folder, 'repository');
  await makeRepository(repository);
  for (const service of ['router', 'state', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
  pids = scene.fleet.members.map((member) => member.pid());
});
afterAll(() => scene.end());

const good = (key: string) => lineGoal({ key, workspace: repository, steps: 2, stepMs: 0, workflow: 'build_only' });

/** The next goal is taken and done, by the very processes that met the bad input. */
const expectAliveAndWell = async (key: string): Promise<void> => {
  const id = await submitUntilTaken(scene.studio, good(key));
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  expect(scene.fleet.members.filter((member) => !member.isReady())).toEqual([]);
  expect(scene.fleet.members.map((member) => member.pid())).toEqual(pids);
};

/** Adds a job as any producer would. @returns what became of it: its return value, or why it failed */
const answerOf = async (name: string, data: unknown): Promise<string> => {
  // A blocking read must wait for as long as it takes.
  const redis = scene.redis.duplicate({ maxRetriesPerRequest: null });
  const connection = { connection: redis, prefix: scene.tag };
  const queue = new Queue(name, connection);
  const events = new QueueEvents(name, connection);
  await events.waitUntilReady();
  try {
    const job = await queue.add('anything', data);
    return JSON.stringify(await job.waitUntilFinished(events, PATIENCE_MS).catch((error: Error) => error.message));
  } finally {
    await Promise.all([queue.close(), events.close()]);
    redis.disconnect();
  }
};

const step = (id: string, more: object = {}) => ({
  id,
  name: id,
  action: 'work',
  operations: [{ op: 'run', command: 'true' }],
  success_criteria: [{ criterion: 'it runs', verification: { type: 'command', command: 'true' } }],
  ...more,
});
const planOf = (...steps: readonly object[]) => ({ id: 'bp_bad', task_id: 'bad', goal: 'Work', steps });
const cycle = planOf(step('a', { depends_on: ['b'] }), step('b', { depends_on: ['a'] }));
const leaving = planOf(step('a', { operations: [{ op: 'write', path: '../../etc/passwd', content: '' }] }));
const uncheckedStep = planOf(step('a', { success_criteria: [] }));

test.each<[what: string, data: unknown, answer: RegExp]>([
  ['nothing', null, /expected object/],
  ['a text instead of an object', 'Add a health endpoint', /expected object/],
  ['a goal that is empty', { goal: '  ' }, /goal: say what is to be done/],
  ['a goal of 1 MB', { goal: 'x'.repeat(1_048_576) }, /at most 16000 characters; put a longer text into a file/],
  ['a goal that is binary', { goal: '\u0000\u0001\u0002' }, /goal: a goal is text/],
  ['bytes that are not UTF-8', { goal: Buffer.from([0xff, 0xfe, 0x41]).toString('utf8') }, /not UTF-8/],
  ['an unknown field', { goal: 'Work', workspce: '/x' }, /workspce/],
  ['a workspace that is not absolute', { goal: 'Work', workspace: 'here' }, /not an absolute path/],
  ['a plan with a cycle', { goal: 'Work', plan: cycle }, /in a cycle: [ab] → [ab]/],
  ['a path that leaves the workspace', { goal: 'Work', plan: leaving }, /a path cannot leave the workspace/],
  ['a step that nothing checks', { goal: 'Work', plan: uncheckedStep }, /say how to check that it is done/],
])('queue goals: %s is refused with what is wrong, and leaves a trace', async (_what, data, answer) => {
  const before = (await scene.studio.rejections()).length;
  const said = await answerOf('goals', data);
  expect(said).toMatch(/"outcome":"rejected"/);
  expect(said).toMatch(answer);
  expect((await scene.studio.rejections()).length).toBe(before + 1);
});

const ABSENT = 'orch_20260202_143052_0123456789ab';

test.each<[what: string, data: unknown, answer: RegExp]>([
  ['nothing', null, /rejected/],
  ['an unknown command', { orchestration: ABSENT, do: { command: 'explode' } }, /rejected.*do\.command/],
  ['an id that is none', { orchestration: '../../x', do: { command: 'abort' } }, /rejected.*orchestration/],
  [
    'an orchestration that is not there',
    { orchestration: ABSENT, do: { command: 'abort' } },
    /rejected.*there is no such orchestration/,
  ],
])('queue control: %s is answered with what is wrong', async (_what, data, answer) => {
  expect(await answerOf('control', data)).toMatch(answer);
});

test.each<[what: string, data: unknown]>([
  ['nothing', null],
  ['a job of another kind', { hello: 'world' }],
  ['an orchestration that is not there', { orchestration: ABSENT, dispatch: 3, role: 'builder' }],
  ['a role that is not this queue’s', { orchestration: ABSENT, dispatch: 3, role: 'planner' }],
])('queue agent-builder: %s is thrown away', async (_what, data) => {
  await answerOf('agent-builder', data);
  await expectAliveAndWell(`after-${JSON.stringify(data).length}`);
});

/** What a run waits for, once a person has to act. */
const untilAsked = async (goal: object): Promise<{ readonly id: string; readonly detail: string }> => {
  const id = await submitUntilTaken(scene.studio, goal);
  await waitUntil('it asks', async () => (await scene.studio.why(id)).wait?.kind === 'question');
  return { id, detail: (await scene.studio.why(id)).wait?.detail ?? '' };
};

test('a workspace that is not there is a blocker that names the path; once it is there, a retry does the work', async () => {
  const workspace = join(scene.folder, 'later');
  const { id, detail } = await untilAsked({ ...good('later'), workspace });
  expect(detail).toContain(workspace);
  await makeRepository(workspace);
  await scene.studio.control(id, { command: 'retry', hint: null });
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
});

test('a repository without commits is a blocker that tells the command which makes one', async () => {
  const workspace = join(scene.folder, 'empty');
  await mkdir(workspace);
  await execa('git', ['init', '-q'], { cwd: workspace });
  const { id, detail } = await untilAsked({ ...good('empty'), workspace });
  expect(detail).toMatch(/no commit yet to build on: run git add -A && git commit/);
  await scene.studio.control(id, { command: 'abort', reason: null });
  await expectAliveAndWell('after-empty');
});

test('a dirty tree is reported and left as it is; include_dirty builds on it', async () => {
  const workspace = join(scene.folder, 'dirty');
  await makeRepository(workspace);
  await writeFile(join(workspace, 'draft.txt'), 'not committed\n');
  const plain = await submitUntilTaken(scene.studio, { ...good('dirty'), workspace });
  const whole = await submitUntilTaken(scene.studio, { ...good('dirty-too'), workspace, include_dirty: true });
  await untilEnded(scene.studio, [plain, whole]);
  const prepared = (await scene.studio.events(plain)).find(({ type }) => type === 'workspace.prepared');
  expect(prepared?.data).toMatchObject({ dirty: true });
  for (const id of [plain, whole])
    await waitUntil(`the branch of ${id} is there`, async () => (await linesIn(workspace, id)).length === 2);
  const files = async (id: string) =>
    (await execa('git', ['ls-tree', '--name-only', `studio/${id}`], { cwd: workspace })).stdout.split('\n');
  expect(await files(plain)).toEqual(['lines.txt']);
  expect(await files(whole)).toEqual(['draft.txt', 'lines.txt']);
  expect((await execa('git', ['status', '--porcelain'], { cwd: workspace })).stdout).toBe('?? draft.txt');
});

test('a recipe that does not parse is named with its line, and the others still work', async () => {
  const workspace = join(scene.folder, 'recipes');
  await makeRepository(workspace);
  await mkdir(join(workspace, '.studio', 'recipes'), { recursive: true });
  await writeFile(join(workspace, '.studio', 'recipes', 'broken.yaml'), 'name: broken\nsteps: [\n');
  await execa('git', ['add', '-A'], { cwd: workspace });
  await execa('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', 'commit', '-qm', 'Recipe'], {
    cwd: workspace,
  });
  const { id, detail } = await untilAsked({ goal: 'Paint the fence blue', workspace, key: 'fence' });
  const { failures } = await scene.studio.state(id);
  expect(`${detail} ${failures.map(({ error }) => error).join(' ')}`).toMatch(/broken\.yaml:\d+/);
  await scene.studio.control(id, { command: 'abort', reason: null });
  await expectAliveAndWell('after-recipe');
});

test('after all of it every log verifies, and nothing is left on a queue', async () => {
  await expectAliveAndWell('the-last');
  expect(await auditOrchestrations(scene)).toEqual([]);
});
