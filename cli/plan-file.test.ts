import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findMatchingPlan } from './plan-file.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'studio-plans-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const put = async (task: string, goal: string): Promise<void> => {
  const folder = join(workspace, '.studio', 'tasks', task);
  await mkdir(folder, { recursive: true });
  const steps = [{ id: 'step_1', name: 's', action: 'a', success_criteria: [], depends_on: [] }];
  await writeFile(join(folder, 'plan.json'), JSON.stringify({ id: 'bp_1', task_id: task, goal, steps }));
};
const found = async (goal: string) => (await findMatchingPlan(workspace, goal))?.plan.task_id ?? null;

test('a plan of a person counts for its goal and its task, and for nothing else', async () => {
  await put('T1', 'Add a page');
  expect([await found('Add a page'), await found('T1'), await found('Add another page')]).toEqual(['T1', 'T1', null]);
});

test('a plan that a run made counts only by the name of its task', async () => {
  const task = 'task_20260202_143052_a1b2c3d4e5f6';
  await put(task, 'Add a page');
  expect([await found('Add a page'), await found(task)]).toEqual([null, task]);
});
