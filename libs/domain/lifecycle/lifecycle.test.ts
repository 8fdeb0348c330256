import { describe, expect, test } from 'vitest';
import {
  aborted,
  agentFailed,
  applied,
  closed,
  commit,
  continued,
  discarded,
  dispatched,
  failureOf,
  paused,
  planOf,
  prepared,
  progress,
  report,
  reported,
  started,
  stepDone,
  submission,
  submitted,
  submittedWithPlan,
  workerOf,
} from '../../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../../test/support/spec.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';
import { react } from '../wishes.ts';

const pause = { type: 'pause', reason: 'lunch' } as const;
const goOn = { type: 'continue' } as const;
const abort = { type: 'abort', reason: 'enough' } as const;
const land = { type: 'land', as: 'applied', into: 'main' } as const;
const discard = { type: 'land', as: 'discarded' } as const;

const queued = [submittedWithPlan()] as const;
const running = [...queued, started(3)] as const;
const blocked = [
  ...running,
  ...reported(4, 1, agentFailed(failureOf('blocker', { unblock: 'configure one' }))),
] as const;
const asked = [submitted({ mode: 'explicit' })] as const;

const kindOf = (...facts: Facts) => waitReason(given(...facts).state, nothingObserved, NOW)?.kind;
const again = dispatched({ reason: 'continued' });

describe('pause', () => {
  test.each([
    ['queued', queued],
    ['running', running],
    ['waiting for an answer', blocked],
    ['waiting for its route', asked],
  ])('a run that is %s can be paused, and then no work is wished', (_what, facts) => {
    given(...facts)
      .when(pause)
      .thenEvents(paused('lunch'));
    expect(kindOf(...facts, paused())).toBe('paused');
    expect(react(given(...facts, paused()).state)).not.toContainEqual(expect.objectContaining({ do: 'run' }));
  });
  test('a paused run is paused already', () =>
    given(...queued, paused())
      .when(pause)
      .thenNothing());
  test('no worker begins while a run is paused', () =>
    given(...queued, paused())
      .when({ type: 'start', dispatch: 3, worker: workerOf('w1') })
      .thenNothing());
  test('a worker that has not heard of the pause may still report', () =>
    given(...running, paused())
      .when(report(4, 1, progress()))
      .thenEvents(reported(4, 1, progress())));
  test('an answer is taken in while a run is paused, and acted on afterwards', () => {
    const answer = { type: 'answer', interaction: null, answer: 'r', note: 'use npm' } as const;
    given(...blocked, paused())
      .when(answer)
      .thenEvents(closed(1, 'answered', 'r', 'use npm'));
    given(...blocked, paused(), closed(1, 'answered', 'r', 'use npm'))
      .when(goOn)
      .thenEvents(continued(), dispatched({ attempt: 2, reason: 'retry', hint: 'use npm' }));
  });
});

describe('continue', () => {
  test('what was queued is ordered anew', () =>
    given(...queued, paused())
      .when(goOn)
      .thenEvents(continued(), again));
  test('what was running is ordered anew, in the same attempt', () =>
    given(...running, paused())
      .when(goOn)
      .thenEvents(continued(), again));
  test('the lease from before the pause is over', () =>
    given(...running, paused(), continued())
      .when(report(4, 1, progress()))
      .thenNothing());
  test('what waits for an answer keeps waiting', () =>
    given(...blocked, paused())
      .when(goOn)
      .thenEvents(continued()));
  test('a hint that was given is still there', () =>
    given(...blocked, closed(1, 'answered', 'r', 'use npm'), paused())
      .when(goOn)
      .thenEvents(continued(), dispatched({ attempt: 2, reason: 'continued', hint: 'use npm' })));
  test('what is not paused goes on already', () =>
    given(...queued)
      .when(goOn)
      .thenNothing());
});

describe('abort', () => {
  test.each([
    ['queued', queued],
    ['running', running],
    ['paused', [...running, paused()]],
  ])('a run that is %s can be aborted', (_what, facts) =>
    given(...facts)
      .when(abort)
      .thenEvents(aborted('enough')),
  );
  test.each([
    ['the route', asked],
    ['an escalation', blocked],
  ])('%s is not asked any more', (_what, facts) =>
    given(...facts)
      .when(abort)
      .thenEvents(closed(1, 'withdrawn'), aborted('enough')),
  );
  test('an aborted run is aborted already', () =>
    given(...running, aborted())
      .when(abort)
      .thenNothing());
  test('a worker of an aborted run is told nothing and stores nothing', () =>
    given(...running, aborted())
      .when(report(4, 1, progress()))
      .thenNothing());
  test.each([
    pause,
    goOn,
    { type: 'retry', hint: null } as const,
    { type: 'skip' } as const,
    { type: 'checkpoint', name: 'late' } as const,
    { type: 'answer', interaction: 'int_1', answer: 'y', note: null } as const,
  ])('$type comes too late', (command) =>
    given(...running, aborted())
      .when(command)
      .thenRejects('rule.orchestration.ended'),
  );
  test('submitting it again is already so', () =>
    given(...running, aborted())
      .when({ type: 'submit', submission: submission() })
      .thenNothing());
});

describe('land', () => {
  const worked = [
    submittedWithPlan(planOf(2)),
    started(3),
    ...reported(4, 1, prepared, stepDone('step_1', commit('b'))),
    aborted(),
  ] as const;
  test('a branch of a run that goes on cannot be applied', () =>
    given(...running)
      .when(land)
      .thenRejects('rule.orchestration.live'));
  test('what was verified before the end can be applied', () =>
    given(...worked)
      .when(land)
      .thenEvents(applied(commit('b'))));
  test('once', () =>
    given(...worked, applied(commit('b')))
      .when(land)
      .thenNothing());
  test('or be discarded', () =>
    given(...worked)
      .when(discard)
      .thenEvents(discarded()));
  test('also after it was applied', () =>
    given(...worked, applied(commit('b')))
      .when(discard)
      .thenEvents(discarded()));
  test('what was discarded cannot be applied', () =>
    given(...worked, discarded())
      .when(land)
      .thenRejects('rule.branch.discarded'));
  test('without a commit there is no branch', () =>
    given(...running, ...reported(4, 1, prepared), aborted())
      .when(land)
      .thenRejects('rule.branch.empty'));
  test('a discarded branch is not wished for', () => {
    const point = { do: 'point', root: '/srv/shop', branch: 'studio/it', commit: commit('b'), from: [] };
    expect(react(given(...worked).state)).toContainEqual(point);
    expect(react(given(...worked, discarded()).state)).not.toContainEqual(point);
  });
});
