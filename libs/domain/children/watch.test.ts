import { describe, expect, test } from 'vitest';
import type { WaitReason } from '#contracts';
import {
  aborted,
  commit,
  continued,
  done,
  paused,
  planOf,
  prepared,
  reported,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../../test/support/spec.ts';
import { fact } from '../context.ts';
import { resultOf } from '../result.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';
import { react } from '../wishes.ts';
import { builder, conflicts, ends, goalOf, live, mark, merged, runOf, story, task } from './children.testing.ts';
import { sumResults, type TaskResults, tally } from './task-results.ts';
import { countsOn } from './tend-children.ts';

const three: Facts = [goalOf([task('T1'), task('T2'), task('T3', { after: ['T1'] })])];
const ok = (id: string, digit: string) => ends(id, { digit });
const abort = fact('abort.requested', { reason: 'not now' });

describe('a run wishes of its tasks', () => {
  const wishes = (facts: Facts) =>
    react(given(...facts).state).flatMap((wish) => (wish.do === 'child' ? [`${wish.task} ${wish.as}`] : []));

  test('that each one that began runs, by its id, until its end is a fact', () => {
    expect(wishes(three)).toEqual(['T1 running', 'T2 running']);
    expect(react(live(three))).toContainEqual({
      do: 'child',
      child: runOf(live(three), 'T1'),
      task: 'T1',
      as: 'running',
    });
    expect(wishes(story(three, ok('T2', 'b')))).toEqual(['T1 running']);
  });
  test('that they are held up with it, and go on with it', () => {
    expect(wishes([...three, paused()])).toEqual(['T1 paused', 'T2 paused']);
    expect(wishes([...three, paused(), continued()])).toEqual(['T1 running', 'T2 running']);
  });
  test('that they end when it is to end, paused or not', () => {
    expect(wishes([...three, abort])).toEqual(['T1 aborted', 'T2 aborted']);
    expect(wishes([...three, paused(), abort])).toEqual(['T1 aborted', 'T2 aborted']);
  });
  test('that they end when a task failed with which everything ends', () =>
    expect(
      wishes(story([goalOf([task('T1'), task('T2'), task('T3', { after: { T1: 'fail_fast' } })])], ends('T1'))),
    ).toEqual(['T2 aborted']));
  test('nothing once it has ended', () => expect(wishes([...three, aborted()])).toEqual([]));
  test('no job for the builder while tasks run', () =>
    expect(react(live(three)).map((wish) => wish.do)).toEqual(['child', 'child']));
});

describe('a run counts on the run of a task', () => {
  const first = runOf(live(three), 'T1');
  test('while that is under way for it', () => {
    expect(countsOn(live(three), first)).toBe(true);
    expect(countsOn(live([...three, abort]), first)).toBe(true);
  });
  test.each<[string, Facts]>([
    ['it has ended', story(three, ok('T1', 'b'))],
    ['the parent has ended', [...three, aborted()]],
    ['it is no task of this run', [submittedWithPlan()]],
  ])('not when %s', (_when, facts) => expect(countsOn(given(...facts).state, first)).toBe(false));
  test('not when the task is done again by another run', () => {
    const merging = story(three, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'), builder);
    const redone = story(merging, conflicts('T1'));
    expect(countsOn(live(redone), first)).toBe(false);
    expect(countsOn(live(redone), runOf(live(redone), 'T1'))).toBe(true);
  });
});

describe('a run whose tasks are under way waits for them', () => {
  const [first, second] = [runOf(live(three), 'T1'), runOf(live(three), 'T2')];
  const reason = (facts: Facts, children: Readonly<Record<string, WaitReason['kind']>> = {}) =>
    waitReason(given(...facts).state, { ...nothingObserved, children }, NOW);

  test('and says which, how many are done, and how many are to begin', () => {
    expect(reason(three)).toMatchObject({
      kind: 'dependency',
      owner: 'T1, T2',
      until: null,
      detail: `0 of 3 tasks done; T1 (${first}), T2 (${second}); 1 to begin`,
    });
    expect(reason(story(three, ok('T2', 'b')), { [first]: 'running' })).toMatchObject({
      owner: 'T1',
      detail: `1 of 3 tasks done; T1 (${first}, at work); 1 to begin`,
    });
  });
  test('and says what they wait for themselves', () =>
    expect(reason(three, { [first]: 'no_worker', [second]: 'queued' })?.detail).toContain(
      `T1 (${first}, has no worker), T2 (${second}, queued)`,
    ));
  test('or for a person, where none of them can move without one', () => {
    expect(reason(three, { [first]: 'question', [second]: 'approval' })).toMatchObject({
      owner: 'a person',
      detail: expect.stringContaining(`T1 (${first}, waits for a person)`),
    });
    expect(reason(three, { [first]: 'question', [second]: 'running' })?.owner).toBe('T1, T2');
    expect(reason(three, { [first]: 'quarantined', [second]: 'question' })?.owner).toBe('a person');
  });
  test('to end, when it is to end', () =>
    expect(reason([...three, abort])?.detail).toBe(`ends when its tasks have: T1 (${first}), T2 (${second})`));
  test('unless somebody paused it', () => expect(reason([...three, paused()])?.kind).toBe('paused'));
  test('and when they have ended, for its builder', () =>
    expect(reason(story(three, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd')))).toMatchObject({
      kind: 'queued',
      owner: 'queue agent-builder',
    }));
  test('also while one of them is done again', () => {
    const merging = story(three, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'), builder, merged('T1', 'e'));
    const redone = story(merging, conflicts('T2'));
    expect(reason(redone)).toMatchObject({
      kind: 'dependency',
      detail: `2 of 3 tasks done; T2 (${runOf(live(redone), 'T2')})`,
    });
  });
});

describe('the one result', () => {
  const results = (passed: number, retries: number): TaskResults => ({
    checks: { passed, failed: 1 },
    steps: { completed: passed, skipped: 0, total: passed + 1 },
    retries,
  });
  const brings = (of_tasks: Readonly<Record<string, unknown>>): Facts => {
    const both = story([goalOf([task('T1'), task('T2')])], ok('T1', 'b'), ends('T2', { reason: 'no' }), builder);
    const all = story(both, (run) => reported(mark(run).lease, 1, prepared), merged('T1', 'c'));
    return story(all, (run) => reported(mark(run).lease, mark(run).seq, done({ of_tasks })));
  };
  const resultIn = (facts: Facts) => {
    const { state } = given(...facts);
    if (state.lifecycle !== 'ended') throw new Error('expected an end');
    return resultOf(state);
  };

  test('is the sum of what the tasks did, as their runs have it', () => {
    expect(sumResults([])).toEqual({
      checks: { passed: 0, failed: 0 },
      steps: { completed: 0, skipped: 0, total: 0 },
      retries: 0,
    });
    expect(sumResults([results(2, 1), results(3, 4)])).toEqual({
      checks: { passed: 5, failed: 2 },
      steps: { completed: 5, skipped: 0, total: 7 },
      retries: 5,
    });
    expect(resultIn(brings(results(2, 1)))).toMatchObject(results(2, 1));
  });
  test('says how many of the tasks were completed, and what each brought', () =>
    expect(resultIn(brings(results(2, 1)))).toMatchObject({
      tasks: { completed: 1, total: 2 },
      commit: commit('c'),
      commits: [{ step: 'T1', commit: commit('b') }],
    }));
  test('counts nothing that was not told as it should be', () =>
    expect(resultIn(brings({ checks: 'many' }))).toMatchObject({ checks: { passed: 0, failed: 0 }, retries: 0 }));
  test('of a run without tasks counts none', () => expect(tally(live([submittedWithPlan(planOf(1))]))).toBeNull());
});
