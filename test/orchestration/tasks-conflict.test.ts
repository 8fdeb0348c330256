import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Studio } from '#client';
import type { StateDocument } from '#contracts';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations, studioAt } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilAsked, untilEnded } from '../support/scene.ts';
import { branchFiles, taskGoal } from '../support/task-goals.ts';

let scene: Scene;
/** A client whose runs give no task a second chance by themselves. */
let strict: Studio;
let repository: string;
let main: string;
let tests = 0;

beforeAll(async () => {
  scene = await setScene();
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder', { count: 2 });
  await scene.fleet.ready();
  strict = await studioAt(scene, { STUDIO_RECOVERY_REPLANS: '0' });
});
afterAll(async () => {
  expect(await auditOrchestrations(scene)).toEqual([]);
  await strict.close();
  await scene.end();
});

const git = async (...args: readonly string[]): Promise<string> =>
  (await execa('git', args, { cwd: repository })).stdout;

beforeEach(async () => {
  tests += 1;
  repository = join(scene.folder, `repository-${tests}`);
  await makeRepository(repository);
  main = await git('rev-parse', 'main');
});

/** It reads what is there, so on the merged tree it writes what fits there. */
const APPENDS = 'cat same.txt 2>/dev/null > before; echo two >> before; mv before same.txt';
const FIRST = { id: 'one', command: 'echo one > same.txt' };

const expectUntouched = async (): Promise<void> => {
  expect(await git('rev-parse', 'main')).toBe(main);
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
};

const triesOf = ({ tasks }: StateDocument): readonly string[] =>
  tasks.map(({ id, status, try: number }) => `${id} ${status} ${number}`);

test('a task that does not merge is done again on the merged tree, and never onto the branch of the person', async () => {
  const goal = taskGoal(repository, [FIRST, { id: 'two', command: APPENDS }]);
  const id = await submitUntilTaken(scene.studio, goal);
  await untilEnded(scene.studio, [id]);
  const state = await scene.studio.state(id);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  expect(triesOf(state)).toEqual(['one completed 1', 'two completed 2']);
  expect(state.failures).toMatchObject([
    {
      agent: 'builder',
      step: 'two',
      category: 'design_flaw',
      error: 'two does not merge: conflict in same.txt',
      recovery_action: 'replan',
    },
  ]);
  expect(await branchFiles(repository, state)).toEqual({ 'same.txt': 'one\ntwo' });
  await expectUntouched();
});

/** A run that asks what to do about a task that does not merge. */
const asking = async (): Promise<string> => {
  const id = await submitUntilTaken(strict, taskGoal(repository, [FIRST, { id: 'two', command: APPENDS }]));
  const { interactions } = await untilAsked(scene.studio, id);
  expect(interactions.at(-1)).toMatchObject({
    kind: 'escalation',
    about: 'two',
    prompt: expect.stringContaining('two does not merge: conflict in same.txt'),
    options: [{ key: 'r' }, { key: 's' }, { key: 'a' }],
  });
  return id;
};

const answered = async (id: string, answer: string, note: string | null = null): Promise<StateDocument> => {
  await scene.studio.control(id, { command: 'answer', interaction: null, answer, note });
  await untilEnded(scene.studio, [id]);
  return await scene.studio.state(id);
};

test('when it may not be done again a person is asked; skipped, the others are kept', async () => {
  const state = await answered(await asking(), 's');
  expect(triesOf(state)).toEqual(['one completed 1', 'two skipped 1']);
  expect(state.outcome).toMatchObject({
    kind: 'failed',
    reason: '1 of 2 tasks completed; two was skipped: it does not merge, and a person chose to do without it',
    result: { tasks: { completed: 1, total: 2 } },
  });
  expect(await branchFiles(repository, state)).toEqual({ 'same.txt': 'one' });
  await expectUntouched();
});

test('a person who says what to do differently has the task done again with it', async () => {
  const state = await answered(await asking(), 'r', 'keep the first line');
  expect(await unfinished(scene.studio, [state.id])).toEqual([]);
  expect(triesOf(state)).toEqual(['one completed 1', 'two completed 2']);
  const again = await scene.studio.state(state.tasks[1]?.orchestration ?? '');
  expect(again.goal).toBe('Do two\n\nkeep the first line');
  expect(await branchFiles(repository, state)).toEqual({ 'same.txt': 'one\ntwo' });
});

test('an abort keeps what was merged so far on the branch of the run', async () => {
  const state = await answered(await asking(), 'a');
  expect(state.outcome?.kind).toBe('aborted');
  expect(await branchFiles(repository, state)).toEqual({ 'same.txt': 'one' });
  await expectUntouched();
});
