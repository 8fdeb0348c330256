import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Goal, StateDocument } from '#contracts';
import { makeRepository } from '../support/line-goals.ts';
import { marksOf } from '../support/marked-processes.ts';
import { auditOrchestrations, studioAt } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilAsked, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';
import { scriptedAgent } from './acp-engine.ts';

const git = promisify(execFile);

let scene: Scene;
let repository: string;
let record: string;

beforeAll(async () => {
  scene = await setScene();
  repository = join(scene.folder, 'repository');
  record = join(scene.folder, 'record.jsonl');
  await makeRepository(repository);
  await writeFile(join(repository, 'words.txt'), 'pear\napple\n');
  const as = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  await git('git', ['add', '-A'], { cwd: repository });
  await git('git', [...as, 'commit', '-qm', 'Words'], { cwd: repository });
  const command = scriptedAgent({ sorter: true, resume: true, record });
  const agents = { sorter: { command, permissions: 'ask', unattended: 'deny' } };
  await mkdir(join(scene.folder, 'host', '.studio'), { recursive: true });
  await writeFile(join(scene.folder, 'host', '.studio', 'config.yaml'), JSON.stringify({ engines: { agents } }));
  for (const service of ['router', 'state', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
});
afterAll(() => scene.end());

const goal = (more: Partial<Goal> = {}) => ({
  goal: 'Sort the file words.txt',
  workspace: repository,
  workflow: 'plan_then_build',
  engine: 'sorter',
  attended: true,
  ...more,
});

const eventsOf = (id: string) => scene.studio.events(id);
const leaseOf = async (id: string): Promise<number> =>
  (await eventsOf(id)).findLast(({ type }) => type === 'agent.started')?.version ?? 0;
const heard = async (): Promise<readonly Record<string, unknown>[]> =>
  (await readFile(record, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const outcomes = ({ interactions }: StateDocument) => interactions.map(({ kind, outcome }) => [kind, outcome]);
const answer = (id: string, key: string) =>
  scene.studio.control(id, { command: 'answer', interaction: null, answer: key, note: null });

const sorted = async (id: string): Promise<void> => {
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  const { commit } = (await scene.studio.state(id)).outcome?.result ?? {};
  const { stdout } = await git('git', ['show', `${commit}:words.txt`], { cwd: repository });
  expect(stdout).toBe('apple\npear\n');
};

test('an agent waits under its lease until somebody answers, goes on, and keeps its conversation', async () => {
  const id = await submitUntilTaken(scene.studio, goal());
  const asked = await untilAsked(scene.studio, id);
  expect(asked.interactions).toMatchObject([
    { kind: 'permission', prompt: 'sorter wants to edit: Sort words.txt', default: 'n', about: 'sorter edit' },
  ]);
  expect(asked.wait).toMatchObject({ kind: 'approval', owner: 'a person' });
  expect((await scene.studio.inbox()).waiting).toMatchObject([{ orchestration: id, interaction: { id: 'int_1' } }]);

  await answer(id, 'y');
  await sorted(id);
  const events = await eventsOf(id);
  // One for the planner, one for the builder: nobody took its lease while it waited.
  expect(events.filter(({ type }) => type === 'agent.started')).toHaveLength(2);
  expect(events.find(({ type }) => type === 'session.kept')).toMatchObject({ data: { engine: 'sorter' } });
  expect((await heard()).map((one) => Object.keys(one)[0])).toEqual(
    expect.arrayContaining(['initialize', 'new', 'prompt', 'resume', 'permission']),
  );
});

test('a worker that dies while it waits takes its question with it, and the next one asks anew', async () => {
  const id = await submitUntilTaken(scene.studio, goal());
  await untilAsked(scene.studio, id);
  const [builder] = scene.fleet.of('builder');
  const lease = await leaseOf(id);
  expect(await marksOf(id, lease)).not.toEqual([]);
  await builder?.kill();
  await waitUntil('the agent is gone with its worker', async () => (await marksOf(id, lease)).length === 0);
  builder?.respawn();

  await waitUntil('it is asked anew', async () =>
    (await scene.studio.state(id)).interactions.some((one) => one.id === 'int_2' && one.outcome === null),
  );
  await answer(id, 'always');
  await sorted(id);
  expect(outcomes(await scene.studio.state(id))).toEqual([
    ['permission', 'superseded'],
    ['permission', 'answered'],
  ]);
});

test('where nobody answers in time it is denied, and the work goes on without', async () => {
  const hasty = await studioAt(scene, { STUDIO_INTERACTIONS_QUESTION_S: '1', STUDIO_RECOVERY_STEP_TRIES: '1' });
  try {
    const id = await submitUntilTaken(hasty, goal());
    await waitUntil('a person is asked how to go on', async () =>
      (await hasty.state(id)).interactions.some(({ kind }) => kind === 'escalation'),
    );
    expect((await hasty.state(id)).interactions[0]).toMatchObject({
      kind: 'permission',
      outcome: 'expired',
      answer: 'n',
      assumed: true,
    });
    await hasty.control(id, { command: 'abort', reason: null });
  } finally {
    await hasty.close();
  }
});

test('a run that nobody attends asks nobody: the configuration has decided', async () => {
  const id = await submitUntilTaken(scene.studio, goal({ attended: false }));
  await waitUntil('its work has failed', async () => (await eventsOf(id)).some(({ type }) => type === 'step.tried'));
  await scene.studio.control(id, { command: 'abort', reason: null });
  expect((await scene.studio.state(id)).interactions.filter(({ kind }) => kind === 'permission')).toEqual([]);
});

test('an aborted run ends its agent and withdraws what it asked for', async () => {
  const id = await submitUntilTaken(scene.studio, goal());
  await untilAsked(scene.studio, id);
  const lease = await leaseOf(id);
  expect(await marksOf(id, lease)).not.toEqual([]);
  await scene.studio.control(id, { command: 'abort', reason: null });
  await waitUntil('the agent is gone', async () => (await marksOf(id, lease)).length === 0);
  expect(outcomes(await scene.studio.state(id))).toEqual([['permission', 'withdrawn']]);
  expect(await auditOrchestrations(scene)).toEqual([]);
});
