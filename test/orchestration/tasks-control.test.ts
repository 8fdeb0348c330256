import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { currentInvocation, fold } from '#domain';
import { submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { branchFiles, type PlannedTask, taskGoal, writes } from '../support/task-goals.ts';
import { taskScene } from '../support/task-scene.ts';
import { waitUntil } from '../support/wait-until.ts';

const at = taskScene({ agents: { builder: 3 } });

/** Says that it has begun, and writes when it may. */
const held = (id: string): PlannedTask => ({
  id,
  command: `touch '${at.flag(`begun-${id}`)}'; until [ -e '${at.flag('go')}' ]; do sleep 0.05; done; ${writes(id)}`,
});

const untilBegun = (...ids: readonly string[]) =>
  waitUntil('the tasks have begun', () => ids.every((id) => existsSync(at.flag(`begun-${id}`))));

const childrenOf = async (id: string): Promise<readonly string[]> =>
  (await at.scene.studio.state(id)).tasks.flatMap(({ orchestration }) => orchestration ?? []);

test('an abort ends the tasks first, and then the run that they belong to', async () => {
  const goal = taskGoal(at.repository, [
    held('t1'),
    held('t2'),
    { id: 't3', command: writes('t3'), depends_on: ['t1'] },
  ]);
  const id = await submitUntilTaken(at.scene.studio, goal);
  await untilBegun('t1', 't2');
  const children = await childrenOf(id);
  expect(children).toHaveLength(2);
  await at.scene.studio.control(id, { command: 'abort', reason: 'not wanted' });
  await untilEnded(at.scene.studio, [id]);

  const events = await at.scene.studio.events(id);
  expect(events.slice(-3).map(({ type }) => type)).toEqual(['child.ended', 'child.ended', 'orchestration.aborted']);
  const endedAt = Date.parse(events.at(-1)?.time ?? '');
  for (const child of children) {
    const { outcome, updated_at } = await at.scene.studio.state(child);
    expect(outcome?.kind).toBe('aborted');
    expect(Date.parse(updated_at)).toBeLessThanOrEqual(endedAt);
  }
});

test('a pause holds the tasks, and begins none; they go on together', async () => {
  const goal = taskGoal(at.repository, [
    held('t1'),
    held('t2'),
    { id: 't3', command: writes('t3'), depends_on: ['t1'] },
  ]);
  const id = await submitUntilTaken(at.scene.studio, goal);
  await untilBegun('t1', 't2');
  await at.scene.studio.control(id, { command: 'pause', reason: 'lunch' });
  const children = await childrenOf(id);
  const statuses = async () => Promise.all(children.map(async (child) => (await at.scene.studio.state(child)).status));
  await waitUntil('all are paused', async () => (await statuses()).every((status) => status === 'paused'));
  // What a task had in hand it finishes; nothing follows from it.
  await writeFile(at.flag('go'), '');
  await waitUntil('they hold no worker', async () => {
    const states = await Promise.all(children.map(async (child) => fold(await at.scene.studio.events(child))));
    return states.every((state) => state.lifecycle === 'live' && currentInvocation(state)?.lease === null);
  });
  expect((await at.scene.studio.state(id)).tasks.map(({ status }) => status)).toEqual([
    'running',
    'running',
    'pending',
  ]);

  await at.scene.studio.control(id, { command: 'resume', checkpoint: null });
  await untilEnded(at.scene.studio, [id]);
  expect(await unfinished(at.scene.studio, [id])).toEqual([]);
  expect(Object.keys(await branchFiles(at.repository, await at.scene.studio.state(id)))).toEqual([
    't1.txt',
    't2.txt',
    't3.txt',
  ]);
});

test('a builder that is killed while it checks the merged tree has its work taken up, and merges nothing twice', async () => {
  const goal = taskGoal(
    at.repository,
    Array.from({ length: 4 }, (_, n) => ({ id: `t${n}`, command: writes(`t${n}`) })),
    // Red on the base; on the merged tree it runs until it is met there.
    {
      checks: [
        `test -e t3.txt && touch '${at.flag('checking')}' && until [ -e '${at.flag('go')}' ]; do sleep 0.05; done`,
      ],
    },
  );
  const id = await submitUntilTaken(at.scene.studio, goal);
  await waitUntil('the merged tree is checked', () => existsSync(at.flag('checking')));
  const lease = (await at.scene.studio.events(id)).findLast((event) => event.type === 'agent.started');
  const pid = lease?.type === 'agent.started' ? lease.data.worker.pid : 0;
  const victim = at.scene.fleet.members.find((member) => member.pid() === pid);
  await victim?.kill();
  await writeFile(at.flag('go'), '');
  victim?.respawn();
  await untilEnded(at.scene.studio, [id]);

  expect(await unfinished(at.scene.studio, [id])).toEqual([]);
  const events = await at.scene.studio.events(id);
  expect(events.filter(({ type }) => type === 'agent.started').length).toBe(2);
  expect(events.flatMap((event) => (event.type === 'branch.merged' ? [event.data.task] : []))).toEqual([
    't0',
    't1',
    't2',
    't3',
  ]);
  await at.scene.fleet.ready();
});
