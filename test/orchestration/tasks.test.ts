import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Goal, StateDocument } from '#contracts';
import { submitUntilTaken, unfinished, untilAsked, untilEnded } from '../support/scene.ts';
import { branchFiles, type PlannedTask, spansOf, taskGoal, writes } from '../support/task-goals.ts';
import { taskScene } from '../support/task-scene.ts';

const at = taskScene({ agents: { builder: 3 } });

const git = async (...args: readonly string[]): Promise<string> =>
  (await execa('git', args, { cwd: at.repository })).stdout;

/** Submits, and waits for the end. */
const run = async (tasks: readonly PlannedTask[], change: Partial<Goal> = {}): Promise<StateDocument> => {
  const id = await submitUntilTaken(at.scene.studio, taskGoal(at.repository, tasks, change));
  await untilEnded(at.scene.studio, [id]);
  return await at.scene.studio.state(id);
};

/** What a pattern of the built-in ones halts at. */
const HALTS = 'echo "GH013: push protection found a secret"; exit 1';

/** Writes, and waits until this many tasks are at it. */
const togetherWith = async (id: string, number: number): Promise<string> => {
  const meeting = at.flag('meeting');
  await mkdir(meeting, { recursive: true });
  return `${writes(id)}; touch '${meeting}/${id}'; until [ "$(ls '${meeting}' | wc -l)" -ge ${number} ]; do sleep 0.05; done`;
};

const mergesOf = async (id: string): Promise<readonly string[]> =>
  (await git('log', '--first-parent', '--reverse', '--format=%s', `main..studio/${id}`)).split('\n');

test('tasks run side by side, are merged in the order given, and checked again on the merged tree', async () => {
  const main = await git('rev-parse', 'main');
  const state = await run(
    [
      { id: 't1', command: await togetherWith('t1', 3), accept: 'grep t1 t1.txt' },
      { id: 't2', command: await togetherWith('t2', 3), accept: 'grep t2 t2.txt' },
      { id: 't3', command: await togetherWith('t3', 3) },
    ],
    { checks: ['cat t1.txt t2.txt t3.txt'] },
  );
  expect(await unfinished(at.scene.studio, [state.id])).toEqual([]);
  expect(state.outcome?.result).toMatchObject({
    tasks: { completed: 3, total: 3 },
    steps: { completed: 3, total: 3 },
    checks: { passed: 8, failed: 0 },
    criteria: [
      { id: 't1 AC-1', status: 'passed', before: 'failed' },
      { id: 't2 AC-1', status: 'passed', before: 'failed' },
      { id: 'CHECK-1', status: 'passed', before: 'failed' },
    ],
  });
  expect(await branchFiles(at.repository, state)).toEqual({ 't1.txt': 't1', 't2.txt': 't2', 't3.txt': 't3' });
  expect(await mergesOf(state.id)).toEqual(['Merge t1: Do t1', 'Merge t2: Do t2', 'Merge t3: Do t3']);
  expect(await git('rev-parse', 'main')).toBe(main);
  expect(await git('status', '--porcelain')).toBe('');
});

test('tasks that declare the same files do not run at once, and the later builds on the earlier', async () => {
  const state = await run([
    { id: 't1', command: writes('t1', 'shared.txt'), files: ['*.txt'] },
    { id: 't2', command: writes('t2', 'shared.txt'), files: ['shared.txt'] },
    { id: 't3', command: writes('t3', 'other.md'), files: ['other.md'] },
  ]);
  expect(await unfinished(at.scene.studio, [state.id])).toEqual([]);
  const spans = spansOf(await at.scene.studio.events(state.id));
  expect(spans.get('t2')?.[0]).toBeGreaterThanOrEqual(spans.get('t1')?.[1] ?? Number.POSITIVE_INFINITY);
  expect(spans.get('t3')?.[0]).toBeLessThan(spans.get('t1')?.[1] ?? 0);
  expect(await branchFiles(at.repository, state)).toEqual({ 'shared.txt': 't1\nt2', 'other.md': 't3' });
});

test('sequential tasks run one after the other, each on the work of those before', async () => {
  const state = await run(
    [
      { id: 'one', command: writes('one', 'lines.txt') },
      { id: 'two', command: `grep one lines.txt && ${writes('two', 'lines.txt')}` },
      { id: 'three', command: `grep two lines.txt && ${writes('three', 'lines.txt')}` },
    ],
    { sequential: true },
  );
  expect(await unfinished(at.scene.studio, [state.id])).toEqual([]);
  expect(await branchFiles(at.repository, state)).toEqual({ 'lines.txt': 'one\ntwo\nthree' });
});

test('a task builds on the merged work of all it depends on', async () => {
  const state = await run([
    { id: 'left', command: writes('left') },
    { id: 'right', command: writes('right') },
    { id: 'top', command: 'cat left.txt right.txt > top.txt', depends_on: ['left', 'right'] },
  ]);
  expect(await unfinished(at.scene.studio, [state.id])).toEqual([]);
  expect(await branchFiles(at.repository, state)).toMatchObject({ 'top.txt': 'left\nright' });
});

test('where one task fails the others are merged, what needed it is skipped, and the run says how many completed', async () => {
  const state = await run([
    { id: 't1', command: writes('t1') },
    { id: 't2', command: HALTS },
    { id: 't3', command: writes('t3'), depends_on: ['t2'] },
    { id: 't4', command: writes('t4'), depends_on: [{ task: 't2', policy: 'ignore_failed' }] },
  ]);
  expect(state.outcome).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/^2 of 4 tasks completed; t2 was halted: .*; t3 was skipped: t2 was halted/s),
    result: { tasks: { completed: 2, total: 4 } },
  });
  expect(state.tasks.map(({ id, status }) => `${id} ${status}`)).toEqual([
    't1 completed',
    't2 failed',
    't3 skipped',
    't4 completed',
  ]);
  expect(await branchFiles(at.repository, state)).toEqual({ 't1.txt': 't1', 't4.txt': 't4' });
});

test('a failure that another task calls fatal ends everything, what runs first', async () => {
  const state = await run([
    { id: 'slow', command: 'sleep 60' },
    { id: 'base', command: HALTS },
    { id: 'top', command: writes('top'), depends_on: [{ task: 'base', policy: 'fail_fast' }] },
  ]);
  expect(state.outcome).toMatchObject({ kind: 'failed', result: { tasks: { completed: 0, total: 3 } } });
  const [slow] = state.tasks;
  expect(slow).toMatchObject({ status: 'failed', outcome: 'aborted' });
  expect((await at.scene.studio.state(slow?.orchestration ?? '')).outcome?.kind).toBe('aborted');
});

test('checks that are red on the merged tree fail the run although each task passed alone', async () => {
  const id = await submitUntilTaken(
    at.scene.studio,
    taskGoal(
      at.repository,
      [
        { id: 't1', command: writes('t1'), accept: '! [ -e t2.txt ]' },
        { id: 't2', command: writes('t2') },
      ],
      { goal: 'Do two things that do not fit' },
    ),
  );
  const { interactions } = await untilAsked(at.scene.studio, id);
  expect(interactions.at(-1)?.prompt).toMatch(/t1 AC-1 t1 holds/);
  await at.scene.studio.control(id, { command: 'answer', interaction: null, answer: 'a', note: null });
  await untilEnded(at.scene.studio, [id]);
  expect((await at.scene.studio.state(id)).outcome).toMatchObject({
    kind: 'aborted',
    result: { tasks: { completed: 2, total: 2 } },
  });
});
