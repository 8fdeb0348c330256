import { describe, expect, test } from 'vitest';
import {
  aborted,
  agentFailed,
  commit,
  discarded,
  failureOf,
  paused,
  planOf,
  prepared,
  reported,
  saved,
  started,
  stepDone,
  stepStarted,
  stepTried,
  submitted,
  submittedWithPlan,
} from '../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../test/support/spec.ts';
import { dueMs, react } from './wishes.ts';

const queued = [submittedWithPlan(planOf(2))] as const;
const atWork = [...queued, started(3), ...reported(4, 1, prepared)] as const;
const wishes = (...facts: Facts) => react(given(...facts).state);

describe('a job is wished', () => {
  const job = { do: 'run', role: 'builder', dispatch: 3, notBefore: null, priority: 3 };

  test('for the attempt that is ordered, until it has ended', () => {
    expect(wishes(...queued)).toEqual([job]);
    expect(wishes(...atWork)).toEqual([job]);
  });
  test('in the priority of the goal', () =>
    expect(wishes(submittedWithPlan(planOf(1), { priority: 1 }))).toEqual([{ ...job, priority: 1 }]));
  test.each<[string, Facts]>([
    ['of which there is no run', []],
    ['that is paused', [...queued, paused()]],
    ['that waits for its route', [submitted({ mode: 'explicit' })]],
    ['that waits for an answer', [...atWork, ...reported(4, 2, agentFailed(failureOf('blocker')))]],
    ['that has ended', [...queued, aborted()]],
  ])('not for one %s', (_what, facts) => expect(wishes(...facts)).toEqual([]));
});

describe('the branch', () => {
  const built = [...atWork, ...reported(4, 2, stepStarted('step_1'), stepDone('step_1', commit('b')))] as const;
  const kept = saved({ checkpoint: 'cp_1', name: 'by hand', commit: commit('b') });
  const point = { do: 'point', root: '/srv/shop', branch: 'studio/it' };

  test('stays where it is until work is in a checkpoint', () =>
    expect(wishes(...built)).not.toContainEqual(expect.objectContaining({ do: 'point' })));
  test('follows the last checkpoint while the run goes on, from other commits of the run alone', () =>
    expect(
      wishes(...built, kept, ...reported(4, 3, stepStarted('step_2'), stepDone('step_2', commit('c')))),
    ).toContainEqual({ ...point, commit: commit('b'), from: [commit('c')] }));
  test('stands at the last verified commit when the run has ended, however it ended', () =>
    expect(wishes(...built, aborted())).toEqual([{ ...point, commit: commit('b'), from: [] }]));
  test('is not made where nothing was verified', () => expect(wishes(...atWork, aborted())).toEqual([]));
  test('is let go when a person discarded it', () => expect(wishes(...built, aborted(), discarded())).toEqual([]));
});

test('time alone changes what is wished only where a job waits for its moment', () => {
  expect(dueMs(given(...queued).state)).toBeNull();
  const { state } = given(...queued);
  if (state.lifecycle !== 'live') throw new Error('expected a live run');
  const waiting = { ...state, invocations: state.invocations.map((invocation) => ({ ...invocation, notBefore: NOW })) };
  expect(dueMs(waiting)).toBe(Date.parse(NOW));
  expect(dueMs(given(...atWork, ...reported(4, 2, stepTried('step_1', 1))).state)).toBeNull();
});
