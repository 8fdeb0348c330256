import { describe, expect, test } from 'vitest';
import {
  aborted,
  agentFailed,
  closed,
  dispatched,
  failed,
  failureOf,
  halted,
  planned,
  planOf,
  policy,
  recovered,
  report,
  reported,
  skipped,
  started,
  stepTried,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import type { ReportItem } from '../command.ts';
import { lastFailure, openInteraction } from '../run.ts';
import { waitOut } from './decided.ts';
import { windowsBefore } from './tries.ts';

const plan = planOf(1, {
  step_1: { retry_behavior: { max_attempts: 2, fix_hints: ['look at the port', 'and the path'] } },
});
const running = [submittedWithPlan(), started(3)] as const;
const hinted = [submittedWithPlan(plan), started(3)] as const;
const tried = (number: number, category: Parameters<typeof failureOf>[0] = 'code_error') =>
  stepTried('step_1', number, failureOf(category));
const escalated = (item: ReportItem, facts: Facts = running) => {
  const { state } = given(...facts, reported(4, 1, item));
  return state.lifecycle === 'live' ? openInteraction(state) : undefined;
};
const keys = (question: ReturnType<typeof escalated>) => question?.options.map(({ key }) => key).join('');

describe('a failed try', () => {
  test('of code is tried again at once, with the hints of its step', () =>
    given(...hinted)
      .when(report(4, 1, tried(1)))
      .thenEvents(
        reported(4, 1, tried(1)),
        recovered('retry', 'try 1 of 2 failed', { hint: 'look at the port\nand the path' }),
      ));
  test.each([
    [1, 0, 500],
    [1, 0.5, 750],
    [2, 0.5, 1_500],
    [3, 0.25, 2_500],
    [4, 0.999, 7_996],
  ])('of a transient fault waits: try %i with draw %d waits %i ms', (number, draw, waitMs) => {
    const before = Array.from({ length: number - 1 }, (_, index) =>
      reported(4, index + 1, tried(index + 1, 'transient')),
    );
    const now = '2026-02-02T16:00:00.000Z';
    const notBefore = new Date(Date.parse(now) + waitMs).toISOString();
    given(...running, ...before)
      .when(report(4, number, tried(number, 'transient')), { now, draw })
      .thenEvents(
        reported(4, number, tried(number, 'transient')),
        recovered('retry', `try ${number} of 5 failed`, { notBefore, draw }),
      );
  });
  test('is the last one when as many failed as its step allows', () => {
    const { history } = given(...hinted, reported(4, 1, tried(1)), reported(4, 2, tried(2)));
    expect(history.map(({ type }) => type).slice(-4)).toEqual([
      'step.tried',
      'failure.recorded',
      'recovery.decided',
      'interaction.opened',
    ]);
    expect(history.at(-2)?.data).toMatchObject({ action: 'escalate', reason: '2 of 2 tries are used up' });
  });
  test('that is critical ends the run at once', () =>
    given(...running)
      .when(report(4, 1, tried(1, 'critical')))
      .thenEvents(
        reported(4, 1, tried(1, 'critical')),
        recovered('halt', 'nothing may go on after this'),
        halted('it broke'),
      ));
});

test.each([
  [0, '16:00:11'],
  [1, '16:00:11'],
  [5, '16:00:24'],
  [6, '16:00:45'],
  [60, '16:00:45'],
])('a window of 10 s that comes again after %i, with nothing done since, is waited out until %s', (before, time) => {
  const context = { now: '2026-02-02T16:00:00.000Z', draw: 0.5 };
  expect(waitOut('2026-02-02T16:00:10.000Z', context, before)).toMatchObject({
    counted: false,
    notBefore: `2026-02-02T${time}.000Z`,
  });
});

test('windows count from the last thing that was done, or was no window', () => {
  const { state } = given(...running, reported(4, 1, tried(1)));
  const failure = state.lifecycle === 'absent' ? undefined : lastFailure(state);
  if (state.lifecycle === 'absent' || !failure?.recovery) throw new Error('a try failed');
  const waited = { ...failure, recovery: { ...failure.recovery, counted: false } };
  const before = (...failures: readonly (typeof failure)[]) =>
    windowsBefore({ ...state, failures: [...failures, failure] }, failure);
  expect(before(waited, waited)).toBe(2);
  expect(before(waited, { ...failure }, waited)).toBe(1);
  expect(before(waited, { ...waited, progress: 'other' }, waited)).toBe(1);
  expect(before({ ...waited, step: 'step_9' })).toBe(0);
});

describe('a person is asked', () => {
  test('what to do with a blocker, and what would unblock it', () =>
    expect(escalated(agentFailed(failureOf('blocker', { unblock: 'configure an engine' })))).toMatchObject({
      prompt: 'The builder cannot go on (builder).\nLast error: it broke\nWhat would unblock it: configure an engine',
      options: [{ key: 'r' }, { key: 'a' }],
    }));
  test('what to do when the approach does not work', () =>
    expect(escalated(tried(1, 'design_flaw'))?.prompt).toContain('the approach does not work'));
  test('whether to skip a step', () => expect(keys(escalated(tried(1, 'blocker')))).toBe('rsa'));
  test('never whether to skip a critical step', () =>
    expect(
      keys(escalated(tried(1, 'blocker'), [submittedWithPlan(planOf(1, { step_1: { critical: true } })), started(3)])),
    ).toBe('ra'));
  test.each([
    [59, 'yra'],
    [40, 'yra'],
    [39, 'ra'],
    [60, 'ra'],
  ])('with a plan that scored %i: %s', (confidence, expected) => {
    const { state } = given(
      submitted(),
      started(3),
      reported(4, 1, planned(planOf(1), confidence)),
      failed({ role: 'planner', category: 'blocker' }),
    );
    expect(
      state.lifecycle === 'live' &&
        openInteraction(state)
          ?.options.map(({ key }) => key)
          .join(''),
    ).toBe(expected);
  });
});

describe('the answer to an escalation', () => {
  const blocked = [...running, reported(4, 1, tried(1, 'blocker'))] as const;
  const answer = (key: string) => ({ type: 'answer', interaction: null, answer: key, note: 'use npm' }) as const;
  const retried = [closed(1, 'answered', 'r', 'use npm'), dispatched({ attempt: 2, reason: 'retry', hint: 'use npm' })];

  test('r is a new attempt that knows the hint', () =>
    given(...blocked)
      .when(answer('r'))
      .thenEvents(...retried));
  test('so is the command retry', () =>
    given(...blocked)
      .when({ type: 'retry', hint: 'use npm' })
      .thenEvents(...retried));
  test('a new attempt has all its tries', () =>
    given(...blocked, closed(1, 'answered', 'r'), started(10, 'w2'))
      .when(report(11, 1, tried(1)))
      .thenEvents(
        reported(11, 1, tried(1)).map((event) =>
          event.type === 'failure.recorded' ? failed({ ...event.data, attempt: 2 }) : event,
        ),
        recovered('retry', 'try 1 of 5 failed'),
      ));
  test('s skips the step', () =>
    given(...blocked)
      .when(answer('skip'))
      .thenEvents(
        closed(1, 'answered', 's', 'use npm'),
        skipped('step_1'),
        dispatched({ attempt: 2, reason: 'skipped_step' }),
      ));
  test('a ends the run', () =>
    given(...blocked)
      .when(answer('a'))
      .thenEvents(closed(1, 'answered', 'a', 'use npm'), aborted('use npm')));
  test('the same answer again is already so, also when the run went on', () =>
    given(...blocked, closed(1, 'answered', 'r'))
      .when({ ...answer('r'), interaction: 'int_1' })
      .thenNothing());
  test('nothing else is an answer', () =>
    given(...blocked)
      .when(answer('y'))
      .thenRejects('rule.interaction.not_an_option'));
  test('y goes on with a plan that only its score stopped', () =>
    given(
      submitted({ policy }),
      started(3),
      reported(4, 1, planned(planOf(1), 50)),
      failed({ role: 'planner', category: 'blocker' }),
    )
      .when({ ...answer('y'), note: null })
      .thenEvents(closed(1, 'answered', 'y'), dispatched({ role: 'planner', attempt: 2, reason: 'retry' })));
});
