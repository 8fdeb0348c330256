import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { killBuilders, takeOversMs } from '../support/kill-builders.ts';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { createRandom, seedFrom } from '../support/random.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { auditGraph, criticalPath, drawGraph, graphGoal } from '../support/task-graph.ts';
import { waitUntil } from '../support/wait-until.ts';

const TASKS = Number(process.env.STUDIO_TASKS ?? 12);
const KILLS = Number(process.env.STUDIO_TASK_KILLS ?? 1);
const DEADLINE_MS = 90_000 + TASKS * 5_000 + KILLS * 25_000;

let scene: Scene;
let repository: string;

beforeEach(async () => {
  // A test that kills meets worker after worker that died without progress.
  scene = await setScene({ env: { STUDIO_RECOVERY_LEASES_PER_ATTEMPT: '100' } });
  repository = join(scene.folder, 'repository');
  await makeRepository(repository);
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder', { count: TASKS < 24 ? 4 : 8 });
  await scene.fleet.ready();
});
afterEach(() => scene.end());

test('tasks with random dependencies and failures are done once each and in order, while builders are killed', {
  timeout: DEADLINE_MS + 60_000,
}, async () => {
  const seed = seedFrom(process.env.STUDIO_CRASH_SEED);
  const random = createRandom(seed);
  const graph = drawGraph(random, { tasks: TASKS, waitMs: [100, 1_000] });
  console.info(`STUDIO_CRASH_SEED=${seed} repeats this run`);
  const started = performance.now();
  const gate = join(scene.folder, 'gate');
  const goal = await graphGoal(graph, { workspace: repository, folder: scene.folder, gate });
  const id = await submitUntilTaken(scene.studio, goal);
  await waitUntil('the tasks are known', async () => (await scene.studio.state(id)).tasks.length === TASKS);
  // Nothing ends before the first of them was met at work.
  const onKill = () => writeFile(gate, '');
  const kills = await killBuilders({ ...scene, random, id, kills: KILLS, onKill });
  await untilEnded(scene.studio, [id], DEADLINE_MS);
  const tookOver = await takeOversMs(scene.studio, kills);
  const wall = Math.round(performance.now() - started);
  console.info(`${wall} ms, critical path ${criticalPath(graph).ms} ms; taken over after ${tookOver.join(', ')} ms`);

  expect(await unfinished(scene.studio, [id])).toEqual([]);
  const [state, events] = await Promise.all([scene.studio.state(id), scene.studio.events(id)]);
  expect(await auditGraph(graph, repository, state, events)).toEqual([]);
  expect(kills).toHaveLength(KILLS);
  expect(await auditOrchestrations(scene)).toEqual([]);
});
