import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Goal } from '#contracts';
import type { Recorded } from '#events';
import { createFleet, type Fleet } from '../support/fleet.ts';
import { auditLines, lineGoal, linesIn, makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilAsked, untilEnded } from '../support/scene.ts';
import { taskGoal, writes } from '../support/task-goals.ts';
import { waitUntil } from '../support/wait-until.ts';

let scene: Scene;
/** Another machine: nothing of its folders is shared with the first, but the Redis and the server of the git URL. */
let other: Fleet;
/** What the git URL leads to, a fresh one for each test. */
let server: string;
let url: string;
let tests = 0;

beforeAll(async () => {
  scene = await setScene();
  other = await createFleet({ redisUrl: scene.server.url, tag: scene.tag, folder: join(scene.folder, 'other-host') });
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder');
  await scene.fleet.ready();
});
afterAll(async () => {
  expect(await auditOrchestrations(scene)).toEqual([]);
  await other.stop();
  await scene.end();
});

const git = async (...args: readonly string[]): Promise<string> => (await execa('git', args, { cwd: server })).stdout;

beforeEach(async () => {
  tests += 1;
  const seed = join(scene.folder, `seed-${tests}`);
  server = join(scene.folder, `server ${tests}.git`);
  url = pathToFileURL(server).href;
  await makeRepository(seed);
  await execa('git', ['clone', '-q', '--bare', seed, server]);
});

/** Whoever pushes after this is refused. */
const refusePushes = async (): Promise<string> => {
  const hook = join(server, 'hooks', 'pre-receive');
  await mkdir(join(server, 'hooks'), { recursive: true });
  await writeFile(hook, '#!/bin/sh\necho "nobody may push here"\nexit 1\n');
  await chmod(hook, 0o755);
  return hook;
};

const goalOf = (key: string, steps: number) =>
  lineGoal({ key, workspace: url, steps, stepMs: 0, workflow: 'build_only' });

/** The step of that number does nothing until the file is there. */
const holding = (goal: Goal, number: number, file: string): Goal => {
  const { plan } = goal;
  if (!plan) throw new Error('the goal has a plan');
  const wait = { op: 'run' as const, command: `until [ -e '${file}' ]; do sleep 0.05; done` };
  const steps = plan.steps.map((step, index) =>
    index === number - 1 ? { ...step, operations: [wait, ...(step.operations ?? [])] } : step,
  );
  return { ...goal, plan: { ...plan, steps } };
};

const events = (id: string): Promise<readonly Recorded[]> => scene.studio.events(id).catch(() => []);

const untilSucceeded = (id: string, steps: number): Promise<void> =>
  waitUntil(`${steps} steps are verified`, async () => {
    const found = (await events(id)).filter(({ type }) => type === 'step.succeeded');
    return found.length >= steps;
  });

const hostsOf = async (id: string) =>
  new Set((await events(id)).flatMap((event) => (event.type === 'agent.started' ? [event.data.worker.pid] : [])));

test('a builder of another machine goes on from the last verified commit of one that was killed', async () => {
  const go = join(scene.folder, 'go-killed');
  const id = await submitUntilTaken(scene.studio, holding(goalOf('killed', 4), 3, go));
  await untilSucceeded(id, 2);
  await Promise.all(scene.fleet.of('builder').map((builder) => builder.kill()));
  await writeFile(go, '');
  other.start('builder');
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  // As soon as the run has ended: each step once, in the branch on the server.
  expect(await auditLines(server, id, 4)).toEqual([]);
  expect((await hostsOf(id)).size).toBe(2);
  expect(await git('log', '--format=%s', 'main')).toBe('Start');
  for (const builder of scene.fleet.of('builder')) builder.respawn();
  await Promise.all([scene.fleet.ready(), other.ready()]);
});

test('tasks of one run are built on several machines and merged; the server is shown one branch', async () => {
  const plan = [
    { id: 'T1', command: writes('T1') },
    { id: 'T2', command: writes('T2') },
    { id: 'T3', command: `${writes('T3')}; cat T1.txt T2.txt`, depends_on: ['T1', 'T2'] },
  ];
  const id = await submitUntilTaken(scene.studio, { ...taskGoal(url, plan), key: 'tasks' });
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  expect(await git('ls-tree', '-r', '--name-only', `studio/${id}`)).toBe('T1.txt\nT2.txt\nT3.txt');
  expect(await git('for-each-ref', '--format=%(refname:short)', 'refs/heads/')).toBe(`main\nstudio/${id}`);
});

test('a branch that somebody else moved stays where it is', async () => {
  const go = join(scene.folder, 'go-moved');
  const id = await submitUntilTaken(scene.studio, holding(goalOf('moved', 3), 2, go));
  await untilSucceeded(id, 1);
  const theirs = await git('rev-parse', 'main');
  await git('update-ref', `refs/heads/studio/${id}`, theirs);
  await writeFile(go, '');
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  expect(await git('rev-parse', `studio/${id}`)).toBe(theirs);
  const { outcome } = await scene.studio.state(id);
  const pinned = await git('for-each-ref', '--format=%(objectname)', `refs/studio/${id}/`);
  expect(pinned.split('\n')).toContain(outcome?.result.commit);
});

test('a server that takes no push asks a person before anything is done, and says what it needs', async () => {
  const hook = await refusePushes();
  const id = await submitUntilTaken(scene.studio, goalOf('refused', 1));
  const { failures } = await untilAsked(scene.studio, id);
  expect(failures.at(-1)?.error).toMatch(/could not push to .*nobody may push here.*refs\/studio\/\*/s);
  expect(failures.at(-1)).toMatchObject({ category: 'blocker', recovery_action: 'escalate' });
  expect(await linesIn(server, id)).toEqual([]);
  await rm(hook);
  await scene.studio.control(id, { command: 'answer', interaction: null, answer: 'r', note: null });
  await untilEnded(scene.studio, [id]);
  expect(await auditLines(server, id, 1)).toEqual([]);
});

test('a repository that is not there is a question to a person, with the host that looked', async () => {
  const id = await submitUntilTaken(scene.studio, { ...goalOf('gone', 1), workspace: `${url}-gone` });
  const { failures } = await untilAsked(scene.studio, id);
  expect(failures.at(-1)?.error).toMatch(/^host \S+ could not fetch from .*check the URL/s);
  await scene.studio.control(id, { command: 'abort', reason: null });
});
