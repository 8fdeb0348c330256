import { describe, expect, test } from 'vitest';
import type { HandoffContext } from '#contracts';
import {
  agentFailed,
  done,
  failureOf,
  paused,
  planned,
  planOf,
  policy,
  reported,
  saved,
  started,
  stepDone,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { contextOf, type Facts, given } from '../../../test/support/spec.ts';
import type { CommandOf } from '../command.ts';
import { fact } from '../context.ts';
import { conclude } from '../decide.ts';
import { openInteraction } from '../run.ts';

const once = { ...policy, replans: 1 };
const flaw = (error = 'the API has no such call') => agentFailed(failureOf('design_flaw', { error }));
const plan = planOf(2, { step_1: {}, step_2: {} });
const building = [submittedWithPlan(plan, { policy: once }), started(3), reported(4, 1, stepDone('step_1'))] as const;

const handoffs = (...facts: Facts) => {
  const { history } = given(...facts);
  return history.flatMap((event) => (event.type === 'handoff.recorded' ? [event.data] : []));
};
const complete = (
  context: HandoffContext,
  change: Partial<CommandOf<'complete_handoff'>> = {},
): CommandOf<'complete_handoff'> => ({ type: 'complete_handoff', from: null, to: null, context, ...change });

describe('from planner to builder', () => {
  const planning = [submitted(), started(3), reported(4, 1, planned(planOf(1)))] as const;

  test('the plan is handed over before the builder is sent', () => {
    expect(handoffs(...planning, reported(4, 2, done()))).toEqual([
      {
        from: 'planner',
        to: 'builder',
        context: expect.objectContaining({ plan_id: 'bp_1', task_id: 'task_1', learnings_loaded: [] }),
      },
    ]);
  });

  test('it names the learnings that the planner was given, each domain once', () => {
    const piece = (source: string) => ({ hash: '0123456789abcdef', source, pool: 'learnings', tokens: 5 }) as const;
    const context = fact('context.given', {
      lease: 4,
      seq: 2,
      role: 'planner',
      work: 'plan',
      pieces: [
        piece('learnings/security.md'),
        piece('learnings/integration-stripe.md'),
        piece('learnings/security.md'),
      ],
    });
    const [handoff] = handoffs(...planning, context, reported(4, 3, done()));
    expect(handoff?.context.learnings_loaded).toEqual(['security', 'integration:stripe']);
  });
});

describe('from builder to planner', () => {
  test('a replan tells what failed, what is done and what to do instead', () => {
    expect(handoffs(...building, reported(4, 2, flaw()))).toEqual([
      {
        from: 'builder',
        to: 'planner',
        context: {
          failure_reason: expect.stringContaining('what the build must fulfil failed: '),
          completed_steps: ['step_1'],
          failed_step: 'acceptance',
          error_details: 'the API has no such call',
          suggestion: 'plan another approach: what the build must fulfil cannot work as it was planned',
        },
      },
    ]);
  });

  test('the next plan is handed back to the builder', () => {
    const replanned = given(...building, reported(4, 2, flaw()));
    const dispatch = replanned.history.at(-1)?.version ?? 0;
    const next = { ...planOf(1), id: 'bp_2' };
    const made = handoffs(
      ...building,
      reported(4, 2, flaw()),
      started(dispatch),
      reported(dispatch + 1, 1, planned(next), done()),
    );
    expect(made.map(({ from, to }) => `${from} → ${to}`)).toEqual(['builder → planner', 'planner → builder']);
    expect(made[1]?.context.plan_id).toBe('bp_2');
  });

  test('one that lacks a field is refused when it is made, and a person is asked', () => {
    const { state, history } = given(...building, reported(4, 2, flaw('')));
    const refused = history.findLast((event) => event.type === 'failure.recorded');
    expect(refused?.data).toMatchObject({
      category: 'blocker',
      error: 'the handoff from builder to planner lacks error_details',
      unblock: expect.stringContaining('studio handoff complete'),
    });
    expect(handoffs(...building, reported(4, 2, flaw('')))).toEqual([]);
    expect(state.lifecycle === 'live' && openInteraction(state)?.kind).toBe('escalation');
  });
});

describe('completed by hand', () => {
  const held = given(...building, reported(4, 2, flaw('')));
  const made = given(...building, reported(4, 2, flaw()));

  test('what was missing is added to what the log knows', () =>
    held.when(complete({ error_details: 'it is gone since v2' })).thenEvents(
      fact('handoff.completed', {
        from: 'builder',
        to: 'planner',
        context: {
          failure_reason: expect.stringContaining('failed'),
          completed_steps: ['step_1'],
          failed_step: 'acceptance',
          error_details: 'it is gone since v2',
          suggestion: expect.stringContaining('plan another approach'),
        },
      }),
    ));

  test('the planner is sent once it is complete and the person says retry', () => {
    const completed = given(
      ...building,
      reported(4, 2, flaw('')),
      fact('handoff.completed', { from: 'builder', to: 'planner', context: { error_details: 'e' } }),
      fact('interaction.closed', {
        interaction: 'int_1',
        outcome: 'answered',
        answer: 'r',
        note: null,
        assumed: false,
      }),
    );
    expect(completed.history.at(-1)).toMatchObject({ type: 'agent.dispatched', data: { role: 'planner' } });
  });

  test('it is refused while a field is still missing', () =>
    held.when(complete({ suggestion: 'use v2' })).thenRejects('rule.handoff.incomplete'));
  test('one that was made can be corrected, and more can be added', () => {
    const outcome = made.when(complete({ suggestion: 'use v2', library: 'stripe' }));
    outcome.thenEvents(
      fact('handoff.completed', {
        from: 'builder',
        to: 'planner',
        context: expect.objectContaining({ suggestion: 'use v2', library: 'stripe', completed_steps: ['step_1'] }),
      }),
    );
  });
  test('the same again changes nothing', () => made.when(complete({ completed_steps: ['step_1'] })).thenNothing());
  test('another direction than the one that is begun is refused', () =>
    made.when(complete({ suggestion: 'x' }, { from: 'planner' })).thenRejects('rule.handoff.unknown'));
  test('where nothing is handed over there is nothing to complete', () =>
    given(...building)
      .when(complete({ suggestion: 'x' }))
      .thenRejects('rule.handoff.unknown'));

  test('it takes the place of what it completes', () => {
    const context = { failure_reason: 'f', completed_steps: [], failed_step: 's', error_details: 'e', suggestion: 'x' };
    const { state } = given(
      ...building,
      reported(4, 2, flaw()),
      fact('handoff.completed', { from: 'builder', to: 'planner', context }),
    );
    expect(state.lifecycle === 'live' && state.handoffs.map((handoff) => handoff.context)).toEqual([context]);
  });

  describe('on resume', () => {
    const resume = (handoff: HandoffContext, checkpoint: string | null = null) =>
      ({ type: 'resume', checkpoint, handoff }) as const;
    const types = (command: ReturnType<typeof resume>, ...facts: Facts) =>
      conclude(given(...facts).state, command, contextOf()).events.map(({ type }) => type);
    const incomplete = [...building, ...reported(4, 2, flaw(''))] as const;
    const e = { error_details: 'e' };

    test('it is completed, and whoever waited for it is sent', () =>
      expect(types(resume(e), ...incomplete)).toEqual(['handoff.completed', 'interaction.closed', 'agent.dispatched']));
    test('after a pause it goes on with it', () =>
      expect(types(resume(e), ...incomplete, paused())).toEqual([
        'orchestration.continued',
        'handoff.completed',
        'interaction.closed',
        'agent.dispatched',
      ]));
    test('while it still lacks a field nothing of it is done', () =>
      held.when(resume({ suggestion: 'use v2' })).thenRejects('rule.handoff.incomplete'));
    test('back at a checkpoint where nothing is handed over there is nothing to complete', () =>
      given(...building, saved({ checkpoint: 'cp_1', name: 'here' }), ...reported(4, 2, flaw()))
        .when(resume(e, 'here'))
        .thenRejects('rule.handoff.unknown'));
  });
});
