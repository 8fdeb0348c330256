import { describe, expect, test } from 'vitest';
import {
  aborted,
  agentFailed,
  closed,
  commit,
  completed,
  discarded,
  failureOf,
  halted,
  paused,
  planOf,
  policy,
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
import { dueMs, isOverdue, react } from './wishes.ts';

const queued = [submittedWithPlan(planOf(2))] as const;
const atWork = [...queued, started(3), ...reported(4, 1, prepared)] as const;
const wishes = (...facts: Facts) => react(given(...facts).state).filter((wish) => wish.do !== 'notify');
const notices = (...facts: Facts) => react(given(...facts).state).filter((wish) => wish.do === 'notify');

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

describe('somebody is told', () => {
  test('that a run waits for a person, and only as long as it does', () => {
    const asked = submitted({ mode: 'explicit' });
    expect(notices(asked)).toEqual([{ do: 'notify', hook: 'waiting', about: 'int_1' }]);
    expect(notices(asked, closed(1, 'answered', 'y'))).toEqual([]);
  });
  test('that it is done, or that it ended otherwise', () => {
    expect(notices(...queued, completed())).toEqual([{ do: 'notify', hook: 'completed', about: 'end' }]);
    expect(notices(...queued, halted('no'))).toEqual([{ do: 'notify', hook: 'failed', about: 'end' }]);
  });
  test('of the end of a task by the run whose task it is', () => {
    const parent = { orchestration: 'orch_20260202_143052_a1b2c3d4e5f6', task: 'T1' };
    expect(notices(submittedWithPlan(planOf(1), { parent }), completed())).toEqual([]);
  });
});

describe('time alone', () => {
  const soon = { ...policy, decisionMs: 60_000 };
  test('is due at the first deadline of what is asked', () => {
    const { state } = given(submitted({ mode: 'explicit', policy: soon }));
    expect(dueMs(state)).toBe(Date.parse('2026-02-02T14:31:54.000Z'));
    expect(isOverdue(state, Date.parse('2026-02-02T14:31:53.999Z'))).toBe(false);
    expect(isOverdue(state, Date.parse('2026-02-02T14:31:54.000Z'))).toBe(true);
  });
  test('changes nothing of a run of before there were deadlines', () =>
    expect(dueMs(given(submitted({ mode: 'explicit' })).state)).toBeNull());
});
