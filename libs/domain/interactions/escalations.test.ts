import { describe, expect, test } from 'vitest';
import {
  agentFailed,
  closed,
  commit,
  dispatched,
  failed,
  failureOf,
  gateFailed,
  gates,
  planned,
  planOf,
  policy,
  prepared,
  reported,
  started,
  stepDone,
  stepTried,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import type { ReportItem } from '../command.ts';
import { currentInvocation, openInteraction } from '../run.ts';
import { limits } from './interactions.testing.ts';

const runOf = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('expected a run');
  return state;
};
const askedIn = (...facts: Facts) => openInteraction(runOf(...facts));
const keysIn = (...facts: Facts) =>
  askedIn(...facts)
    ?.options.map(({ key }) => key)
    .join('');
const answer = (text: string, note: string | null = null) =>
  ({ type: 'answer', interaction: null, answer: text, note }) as const;

const twice = planOf(1, { step_1: { retry_behavior: { max_attempts: 2, fix_hints: [] } } });
const running = [submittedWithPlan(twice), started(3)] as const;
/** Items of as many reports. */
const tells = (...items: readonly ReportItem[]): Facts => items.flatMap((item, index) => reported(4, index + 1, item));
const usedUp = (failure = failureOf('code_error')) =>
  tells(stepTried('step_1', 1, failure), stepTried('step_1', 2, failure));

describe('a person who is asked how to go on is told', () => {
  test('what failed where, why nothing else is tried, and the last error', () =>
    expect(askedIn(...running, ...usedUp())?.prompt).toBe(
      'The builder failed at step_1: 2 of 2 tries are used up.\nLast error: it broke',
    ));
  test('of a gate by its name, which cannot be skipped', () => {
    const red = tells(gates('test'), gateFailed('test', 1), gateFailed('test', 2), gateFailed('test', 3));
    expect(askedIn(submittedWithPlan(), started(3), ...red)).toMatchObject({
      prompt: 'The builder failed at test: 3 of 3 tries are used up.\nLast error: it broke',
      options: [{ key: 'r' }, { key: 'a' }],
    });
  });
  test('what would unblock it, and of what only failed what may help', () => {
    const known = { unblock: 'npm ci', pattern: 'npm.missing' };
    expect(askedIn(...running, ...tells(agentFailed(failureOf('blocker', known))))?.prompt).toContain(
      'What would unblock it: npm ci',
    );
    expect(askedIn(...running, ...usedUp(failureOf('code_error', known)))?.prompt).toContain('What may help: npm ci');
  });
  test('how often it was tried and planned anew, when neither helped', () => {
    const replans = { policy: { ...policy, replans: 1 } };
    const flawed = [
      submittedWithPlan(twice, replans),
      started(3),
      ...tells(stepTried('step_1', 1, failureOf('design_flaw'))),
    ];
    const { version = 0 } = given(...flawed).history.at(-1) ?? {};
    const replanned = [
      ...flawed,
      started(version),
      ...reported(version + 1, 1, planned(planOf(1)), { fact: 'agent.completed', data: { output: {} } }),
    ];
    const dispatch = currentInvocation(runOf(...replanned))?.dispatch ?? 0;
    const again = [
      ...replanned,
      started(dispatch),
      ...[1, 2, 3, 4, 5].flatMap((number) => reported(dispatch + 1, number, stepTried('step_1', number))),
    ];
    expect(askedIn(...again)?.prompt).toBe('Build failed after 5 retries and 1 replan attempt.\nLast error: it broke');
  });
  test('until when, where a decision has to be made in time, and about which part', () => {
    const timed = [submittedWithPlan(twice, { policy: limits }), started(3), ...usedUp()];
    const asked = given(...timed).history.at(-1);
    expect(askedIn(...timed)).toMatchObject({
      about: 'step_1',
      deadline: new Date(Date.parse(asked?.time ?? '') + 3_600_000 - 1_000).toISOString(),
    });
    expect(askedIn(...running, ...usedUp())).toMatchObject({ about: null, deadline: null });
  });
});

describe('when no other plan can be made', () => {
  const flawed: Facts = [
    submittedWithPlan(planOf(2), { policy: { ...policy, replans: 1 } }),
    started(3),
    ...tells(prepared, stepDone('step_1', commit('b')), stepTried('step_2', 1, failureOf('design_flaw'))),
  ];
  const dispatch = currentInvocation(runOf(...flawed))?.dispatch ?? 0;
  const stuck: Facts = [
    ...flawed,
    started(dispatch),
    failed({ lease: dispatch + 1, seq: 1, role: 'planner', category: 'blocker' }),
  ];

  test('the plan that failed may be kept and tried again; the prompt says what failed', () => {
    expect(keysIn(...stuck)).toBe('rka');
    expect(askedIn(...stuck)?.prompt).toBe(
      'The planner cannot go on (planner).\nLast error: it broke\nA new plan was wanted, because this failed: it broke',
    );
  });
  test('k has the builder at it again with what the person says, and what was done stays done', () => {
    given(...stuck)
      .when(answer('k', 'the server is up now'))
      .thenEvents(
        closed(1, 'answered', 'k', 'the server is up now'),
        dispatched({ attempt: 2, reason: 'retry', hint: 'the server is up now' }),
      );
    const run = runOf(...stuck, closed(1, 'answered', 'k'));
    expect(run).toMatchObject({ replan: null, steps: [{ status: 'completed' }, { status: 'pending' }] });
    expect(run.invocations.map(({ role, status }) => `${role} ${status}`)).toEqual([
      'planner skipped',
      'builder active',
    ]);
  });
  test('r asks the planner again', () =>
    given(...stuck)
      .when(answer('r', 'use a library'))
      .thenEvents(
        closed(1, 'answered', 'r', 'use a library'),
        dispatched({ invocation: 2, role: 'planner', attempt: 2, reason: 'retry', hint: 'use a library' }),
      ));
  test('a planner that has no plan yet has none to keep', () =>
    expect(keysIn(submitted(), started(3), ...tells(agentFailed(failureOf('blocker'))))).toBe('ra'));
});

describe('the commands of an escalation', () => {
  const blocked = [...running, ...tells(stepTried('step_1', 1, failureOf('blocker')))] as const;

  test('are the same as its answers', () => {
    given(...blocked)
      .when({ type: 'retry', hint: 'use npm' })
      .thenEvents(closed(1, 'answered', 'r', 'use npm'), dispatched({ attempt: 2, reason: 'retry', hint: 'use npm' }));
  });
  test('are refused where they are no option', () => {
    given(...running, ...tells(agentFailed(failureOf('blocker'))))
      .when({ type: 'skip' })
      .thenRejects('rule.interaction.not_an_option');
    given(...blocked)
      .when({ type: 'approve' })
      .thenRejects('rule.interaction.not_an_option');
  });
  test('are refused where nothing is asked', () => {
    for (const command of [{ type: 'retry', hint: null }, { type: 'skip' }, { type: 'approve' }] as const)
      given(...running)
        .when(command)
        .thenRejects('rule.interaction.unknown');
  });
  test('a failure is asked about once: after r it is another failure that asks again', () => {
    const retried = [...blocked, closed(1, 'answered', 'r')] as const;
    expect(askedIn(...retried)).toBeUndefined();
    const dispatch = currentInvocation(runOf(...retried))?.dispatch ?? 0;
    const again = [...retried, started(dispatch), ...reported(dispatch + 1, 1, agentFailed(failureOf('blocker')))];
    expect(askedIn(...again)?.id).toBe('int_2');
  });
});
