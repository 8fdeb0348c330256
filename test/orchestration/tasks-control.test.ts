import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentInvocation, fold } from '#domain';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { branchFiles, type PlannedTask, taskGoal, writes } from '../support/task-goals.ts';
import { waitUntil } from '../support/wait-until.ts';

let scene: Scene;
let repository: string;
let tests = 0;

beforeAll(async () => {
  scene = await setScene();
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder', { count: 3 });
  await scene.fleet.ready();
});
afterAll(async () => {
  expect(await auditOrchestrations(scene)).toEqual([]);
  await scene.end();
});

beforeEach(async () => {
  tests += 1;
  repository = join(scene.folder, `repository-${tests}`);
  await makeRepository(repository);
});

const flag = (name: string): string => join(scene.folder, `${tests}-${name}`);

/** Says that it has begun, and writes when it may. */
const held = (id: string): PlannedTask => ({
  id,
  command: `touch '${flag(`begun-${id}`)}'; until [ -e '${flag('go')}' ]; do sleep 0.05; done; ${writes(id)}`,
});

const untilBegun = (...ids: readonly string[]) =>
  waitUntil('the tasks have begun', () => ids.every((id) => existsSync(flag(`begun-${id}`))));

const childrenOf = async (id: string): Promise<readonly string[]> =>
  (await scene.studio.state(id)).tasks.flatMap(({ orchestration }) => orchestration ?? []);

test('an abort ends the tasks first, and then the run that they belong to', async () => {
  const goal = taskGoal(repository, [held('t1'), held('t2'), { id: 't3', command: writes('t3'), depends_on: ['t1'] }]);
  const id = await submitUntilTaken(scene.studio, goal);
  await untilBegun('t1', 't2');
  const children = await childrenOf(id);
  expect(children).toHaveLength(2);
  await scene.studio.control(id, { command: 'abort', reason: 'not wanted' });
  await untilEnded(scene.studio, [id]);

  const events = await scene.studio.events(id);
  expect(events.slice(-3).map(({ type }) => type)).toEqual(['child.ended', 'child.ended', 'orchestration.aborted']);
  const endedAt = Date.parse(events.at(-1)?.time ?? '');
  for (const child of children) {
    const { outcome, updated_at } = await scene.studio.state(child);
    expect(outcome?.kind).toBe('aborted');
    expect(Date.parse(updated_at)).toBeLessThanOrEqual(endedAt);
  }
});

test('a pause holds the tasks, and begins none; they go on together', async () => {
  const goal = taskGoal(repository, [held('t1'), held('t2'), { id: 't3', command: writes('t3'), depends_on: ['t1'] }]);
  const id = await submitUntilTaken(scene.studio, goal);
  await untilBegun('t1', 't2');
  await scene.studio.control(id, { command: 'pause', reason: 'lunch' });
  const children = await childrenOf(id);
  const statuses = async () => Promise.all(children.map(async (child) => (await scene.studio.state(child)).status));
  await waitUntil('all are paused', async () => (await statuses()).every((status) => status === 'paused'));
  // What a task had in hand it finishes; nothing follows from it.
  await writeFile(flag('go'), '');
  await waitUntil('they hold no worker', async () => {
    const states = await Promise.all(children.map(async (child) => fold(await scene.studio.events(child))));
    return states.every((state) => state.lifecycle === 'live' && currentInvocation(state)?.lease === null);
  });
  expect((await scene.studio.state(id)).tasks.map(({ status }) => status)).toEqual(['running', 'running', 'pending']);

  await scene.studio.control(id, { command: 'resume', checkpoint: null });
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  expect(Object.keys(await branchFiles(repository, await scene.studio.state(id)))).toEqual([
    't1.txt',
    't2.txt',
    't3.txt',
  ]);
});

test('a builder that is killed while it checks the merged tree has its work taken up, and merges nothing twice', async () => {
  const goal = taskGoal(
    repository,
    Array.from({ length: 4 }, (_, n) => ({ id: `t${n}`, command: writes(`t${n}`) })),
    // Red on the base; on the merged tree it runs until it is met there.
    { checks: [`test -e t3.txt && touch '${flag('checking')}' && until [ -e '${flag('go')}' ]; do sleep 0.05; done`] },
  );
  const id = await submitUntilTaken(scene.studio, goal);
  await waitUntil('the merged tree is checked', () => existsSync(flag('checking')));
  const lease = (await scene.studio.events(id)).findLast((event) => event.type === 'agent.started');
  const pid = lease?.type === 'agent.started' ? lease.data.worker.pid : 0;
  const victim = scene.fleet.members.find((member) => member.pid() === pid);
  await victim?.kill();
  await writeFile(flag('go'), '');
  victim?.respawn();
  await untilEnded(scene.studio, [id]);

  expect(await unfinished(scene.studio, [id])).toEqual([]);
  const events = await scene.studio.events(id);
  expect(events.filter(({ type }) => type === 'agent.started').length).toBe(2);
  expect(events.flatMap((event) => (event.type === 'branch.merged' ? [event.data.task] : []))).toEqual([
    't0',
    't1',
    't2',
    't3',
  ]);
  await scene.fleet.ready();
});
