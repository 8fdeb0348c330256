import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { branchFiles, spansOf, taskGoal, writes } from '../support/task-goals.ts';

let scene: Scene;
let repository: string;

beforeEach(async () => {
  scene = await setScene();
  repository = join(scene.folder, 'repository');
  await makeRepository(repository);
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('planner');
  scene.fleet.start('builder', { count: 3 });
  await scene.fleet.ready();
});
afterEach(() => scene.end());

const headOf = async (branch: string): Promise<string> =>
  (await execa('git', ['rev-parse', branch], { cwd: repository })).stdout;

/** Submits, and waits for the end. @returns the state document */
const run = async (goal: ReturnType<typeof taskGoal>) => {
  const id = await submitUntilTaken(scene.studio, goal);
  await untilEnded(scene.studio, [id], 60_000);
  return await scene.studio.state(id);
};

test('tasks are built side by side, merged in the order given, and checked again on the merged tree', {
  timeout: 90_000,
}, async () => {
  const main = await headOf('main');
  const together = (id: string) =>
    `${writes(id)}; touch '${scene.folder}/${id}'; until [ "$(ls '${scene.folder}' | grep -c '^t[123]$')" = 3 ]; do sleep 0.05; done`;
  const state = await run(
    taskGoal(
      repository,
      [
        { id: 't1', command: together('t1'), accept: 'grep t1 t1.txt' },
        { id: 't2', command: together('t2'), accept: 'grep t2 t2.txt' },
        { id: 't3', command: together('t3') },
      ],
      { checks: ['cat t1.txt t2.txt t3.txt'] },
    ),
  );
  expect(await unfinished(scene.studio, [state.id])).toEqual([]);
  expect(state.outcome?.result).toMatchObject({
    tasks: { completed: 3, total: 3 },
    steps: { completed: 3, total: 3 },
    checks: { passed: 8, failed: 0 },
    criteria: [
      { id: 't1 AC-1', status: 'passed' },
      { id: 't2 AC-1', status: 'passed' },
      { id: 'CHECK-1', status: 'passed' },
    ],
  });
  expect(await branchFiles(repository, state.id)).toEqual({ 't1.txt': 't1', 't2.txt': 't2', 't3.txt': 't3' });
  const { stdout } = await execa('git', ['log', '--first-parent', '--format=%s', `main..studio/${state.id}`], {
    cwd: repository,
  });
  expect(stdout.split('\n').reverse()).toEqual(['Merge t1: Do t1', 'Merge t2: Do t2', 'Merge t3: Do t3']);
  expect(await headOf('main')).toBe(main);
  expect(spansOf(await scene.studio.events(state.id)).size).toBe(3);
  expect(await auditOrchestrations(scene)).toEqual([]);
});
