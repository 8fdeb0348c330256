import { describe, test } from 'vitest';
import {
  accepted,
  collected,
  commit,
  done,
  failureOf,
  gateFailed,
  gatePassed,
  gates,
  gateWaived,
  halted,
  planOf,
  prepared,
  recovered,
  report,
  reported,
  saved,
  skipped,
  started,
  stepDone,
  stepStarted,
  stepTried,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { given, NOW } from '../../../test/support/spec.ts';

const running = [submittedWithPlan(planOf(2)), started(3)] as const;
const firstDone = reported(4, 1, stepDone('step_1', commit('b')));
const checkpoint = `cp_${Date.parse(NOW)}`;

describe('a step', () => {
  test('succeeds when all its checks passed', () =>
    given(...running)
      .when(report(4, 1, stepDone('step_1', commit('b'))))
      .thenEvents(reported(4, 1, stepDone('step_1', commit('b')))));
  test('does not succeed with a red check', () =>
    given(...running)
      .when(report(4, 1, stepDone('step_1', commit('b'), { passed: false })))
      .thenRejects('rule.step.unverified'));
  test('does not succeed unchecked', () =>
    given(...running)
      .when(
        report(4, 1, {
          fact: 'step.succeeded',
          data: { step: 'step_1', try: 1, commit: null, checks: [], durationMs: 1 },
        }),
      )
      .thenRejects('rule.step.unverified'));
  test.each([
    ['begin', stepStarted('step_2')],
    ['succeed', stepDone('step_2')],
  ])('does not %s before what it depends on', (_what, item) =>
    given(...running)
      .when(report(4, 1, item))
      .thenRejects('rule.step.not_ready'),
  );
  test('begins when what it depends on was skipped', () =>
    given(...running, skipped('step_1'), started(6, 'w2'))
      .when(report(7, 1, stepStarted('step_2')))
      .thenEvents(reported(7, 1, stepStarted('step_2'))));
  test.each([stepStarted('step_1'), stepTried('step_1', 2), stepDone('step_1', commit('c'))])(
    'that is done stays as it is after $fact',
    (item) =>
      given(...running, firstDone)
        .when(report(4, 2, item))
        .thenNothing(),
  );
  test('that changed no file is reported once, too', () =>
    given(...running, reported(4, 1, stepDone('step_1')))
      .when(report(4, 1, stepDone('step_2')))
      .thenNothing());
  test('that the plan does not have is refused', () =>
    given(...running)
      .when(report(4, 1, stepStarted('step_9')))
      .thenRejects('rule.step.unknown'));
});

describe('the lines of a report', () => {
  test('after a try that may be repeated still count', () =>
    given(...running)
      .when(report(4, 1, stepTried('step_1', 1), stepDone('step_1', commit('b'))))
      .thenEvents(
        reported(4, 1, stepTried('step_1', 1)),
        recovered('retry', 'try 1 of 5 failed'),
        reported(4, 1, stepDone('step_1', commit('b'))),
      ));
  test('after one that ended the run are void', () =>
    given(...running)
      .when(report(4, 1, stepTried('step_1', 1, failureOf('critical')), stepDone('step_1', commit('b'))))
      .thenEvents(
        reported(4, 1, stepTried('step_1', 1, failureOf('critical'))),
        recovered('halt', 'nothing may go on after this'),
        halted('it broke'),
      ));
});

describe('gates', () => {
  const built = [
    submittedWithPlan(planOf(1)),
    started(3),
    reported(4, 1, prepared, gates('lint', 'test'), stepDone('step_1', commit('b')), accepted()),
  ] as const;
  test('a run is not done while one did not pass', () =>
    given(...built, reported(4, 2, gatePassed('lint')))
      .when(report(4, 3, done()))
      .thenRejects('rule.agent.unverified'));
  test('one that was waived does not stand in the way', () =>
    given(...built, reported(4, 2, gateWaived('lint')), reported(4, 3, gatePassed('test')))
      .when(report(4, 4, gatePassed('test')))
      .thenEvents(reported(4, 4, gatePassed('test'))));
  test('one that was not discovered is refused', () =>
    given(...built)
      .when(report(4, 2, gatePassed('security')))
      .thenRejects('rule.gate.unknown'));
  test('a red one is tried again, up to its limit', () =>
    given(...built)
      .when(report(4, 2, gateFailed('test', 1)))
      .thenEvents(reported(4, 2, gateFailed('test', 1)), recovered('retry', 'try 1 of 3 failed')));
  test('what passed before a correction does not count after it', () =>
    given(
      ...built,
      reported(4, 2, gatePassed('lint')),
      reported(4, 3, collected(commit('c')), gatePassed('test'), accepted()),
    )
      .when(report(4, 4, done()))
      .thenRejects('rule.agent.unverified'));
});

describe('checkpoints', () => {
  const long = [submittedWithPlan(planOf(5, { step_3: { risky: true } })), started(3)] as const;
  const twoDone = reported(4, 1, stepDone('step_1', commit('b')), stepDone('step_2', commit('c')));
  test('one is saved after every three verified steps', () =>
    given(...long, twoDone)
      .when(report(4, 2, stepDone('step_3', commit('d'))))
      .thenEvents(
        reported(4, 2, stepDone('step_3', commit('d'))),
        saved({ checkpoint, name: '3_steps_verified', commit: commit('d') }),
      ));
  test('one is saved before a risky step', () =>
    given(...long, twoDone)
      .when(report(4, 2, stepStarted('step_3')))
      .thenEvents(
        reported(4, 2, stepStarted('step_3')),
        saved({ checkpoint, name: 'before_step_3', commit: commit('c') }),
      ));
  test('one is saved on demand', () =>
    given(...long)
      .when({ type: 'checkpoint', name: 'mine' })
      .thenEvents(saved({ checkpoint, name: 'mine' })));
  test('an id that is taken is counted up', () =>
    given(...long, saved({ checkpoint, name: 'mine' }))
      .when({ type: 'checkpoint', name: 'mine too' })
      .thenEvents(saved({ checkpoint: `cp_${Date.parse(NOW) + 1}`, name: 'mine too' })));
});
