import { describe, expect, test } from 'vitest';
import {
  agentFailed,
  closed,
  commit,
  dispatched,
  failureOf,
  planOf,
  policy,
  report,
  reported,
  started,
  stepDone,
  submittedWithPlan,
  wentBack,
} from '../../../test/support/facts.ts';
import { contextOf, type Facts, given, NOW } from '../../../test/support/spec.ts';
import type { UsageEntry } from '../command.ts';
import { fact } from '../context.ts';
import { evolve } from '../evolve.ts';
import { stateDocument } from '../state-document.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';
import { totalSpend } from './spend.ts';

const ID = contextOf().stream;
const ACCOUNT = `goal:${ID}`;
const TOMORROW = '2026-02-03T00:00:00.000Z';

const entry = (number: number, change: Partial<UsageEntry> = {}): UsageEntry => ({
  number,
  role: 'builder',
  work: 'step_1',
  engine: 'claude',
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  inputTokens: 1_000,
  cachedTokens: 200,
  cacheWriteTokens: 0,
  outputTokens: 50,
  costUsd: 0.1,
  basis: 'priced',
  day: '2026-02-02',
  ...change,
});
const recorded = (lease: number, ...entries: readonly UsageEntry[]) =>
  entries.map((one) => fact('usage.recorded', { lease, ...one }));
const record = (lease: number, ...entries: readonly UsageEntry[]) =>
  ({ type: 'record_usage', lease, entries }) as const;

/** A builder at work under lease 4, on a goal that may cost a dollar. */
const building = [submittedWithPlan(planOf(2), { budgetUsd: 1 }), started(3)] as const;

const goalUsedUp = { scope: 'goal', account: ACCOUNT, limit: 1, spent: 1.2, until: null } as const;
const dayUsedUp = { scope: 'day', account: 'day:2026-02-02', limit: 5, spent: 5, until: TOMORROW } as const;
const exceeded = fact('budget.exceeded', goalUsedUp);
const exceed = { type: 'exceed_budget', ...goalUsedUp } as const;

const stateOf = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('the facts of this test begin with a goal');
  return state;
};
const spendOf = (...facts: Facts) => stateDocument(stateOf(...facts), null).spend;

describe('what an engine cost', () => {
  test('is recorded once, however often it is told', () => {
    given(...building)
      .when(record(4, entry(1), entry(2)))
      .thenEvents(recorded(4, entry(1), entry(2)));
    given(...building, recorded(4, entry(1)))
      .when(record(4, entry(1), entry(2)))
      .thenEvents(recorded(4, entry(2)));
    given(...building, recorded(4, entry(1), entry(2)))
      .when(record(4, entry(1), entry(2)))
      .thenNothing();
  });

  test('counts also where the lease is over, and numbers begin anew under each lease', () => {
    given(...building, started(3, 'w2'))
      .when(record(4, entry(1)))
      .thenEvents(recorded(4, entry(1)));
    given(...building, recorded(4, entry(1)), started(3, 'w2'))
      .when(record(6, entry(1)))
      .thenEvents(recorded(6, entry(1)));
  });

  test('counts also after the end: what was paid was paid', () =>
    given(...building, fact('orchestration.aborted', { reason: null }))
      .when(record(4, entry(1)))
      .thenEvents(recorded(4, entry(1))));

  test('is summed by engine and model, to a millionth', () => {
    const spend = spendOf(...building, recorded(4, entry(1), entry(2), entry(3, { model: 'other', basis: 'unknown' })));
    expect(spend).toMatchObject({ usd: 0.3, input_tokens: 3_000, cached_tokens: 600, output_tokens: 150 });
    expect(spend.by).toMatchObject([
      { engine: 'claude', model: 'claude-sonnet-4-5', amounts: 2, usd: 0.2 },
      { model: 'other', basis: 'unknown', amounts: 1, usd: 0.1 },
    ]);
    expect(spend.budget_usd).toBe(1);
  });

  test('is not taken back where the run goes back to a checkpoint', () => {
    const facts = [...building, recorded(4, entry(1))];
    const checkpoint = given(...facts).when({ type: 'checkpoint', name: 'here' });
    const saved = fact('checkpoint.saved', { checkpoint: 'cp_1', name: 'here', afterAgent: null, commit: null });
    checkpoint.thenEvents({ ...saved, data: { ...saved.data, checkpoint: `cp_${Date.parse(NOW)}` } });
    expect(spendOf(...facts, saved, recorded(4, entry(2)), wentBack('cp_1', 6)).usd).toBe(0.2);
  });

  test('of a task is told to the run whose task it is, when the task ends', () => {
    const run = stateOf(...building, recorded(4, entry(1)));
    expect(totalSpend(run)).toMatchObject({ usd: 0.1, inputTokens: 1_000 });
  });

  test('before a fork is shown, and is not of its budget', () => {
    const run = stateOf(...building, recorded(4, entry(1)));
    const fork = fact('orchestration.forked', {
      from: ID,
      version: run.head.version,
      headHash: 'a'.repeat(64),
      checkpoint: null,
      changes: { budgetUsd: 3 },
    });
    const spend = spendOf(...building, recorded(4, entry(1)), fork);
    expect(spend).toMatchObject({ usd: 0, by: [], budget_usd: 3, before_fork: { usd: 0.1 } });
  });
});

describe('a budget that is used up', () => {
  const question = (change = {}) =>
    fact('interaction.opened', {
      interaction: 'int_1',
      kind: 'budget',
      prompt: 'The budget of this goal is used up: 1.20 of 1.00 USD.',
      options: [
        { key: '2.20', label: 'raise it to 2.20 USD for this run; any other amount will do' },
        { key: 'a', label: 'abort; the branch is kept' },
      ],
      deadline: null,
      default: null,
      round: null,
      focus: null,
      about: ACCOUNT,
      ...change,
    });

  test('ends the lease, and a person is asked', () =>
    given(...building)
      .when(exceed)
      .thenEvents(exceeded, question()));

  test('below a dollar is told with what a call costs of it', () => {
    const usedUp = { ...goalUsedUp, limit: 0.001, spent: 0.0024 };
    const prompt = 'The budget of this goal is used up: 0.0024 of 0.0010 USD.';
    const raise = { key: '0.0034', label: 'raise it to 0.0034 USD for this run; any other amount will do' };
    const options = [raise, { key: 'a', label: 'abort; the branch is kept' }];
    given(...building)
      .when({ type: 'exceed_budget', ...usedUp })
      .thenEvents(fact('budget.exceeded', usedUp), question({ prompt, options }));
  });

  test('is not asked about beside another decision: whoever goes on after it finds it used up again', () =>
    given(...building, reported(4, 1, agentFailed(failureOf('blocker'))))
      .when(exceed)
      .thenNothing());

  test('is asked about once, whoever finds it used up', () =>
    given(...building, exceeded)
      .when(exceed)
      .thenNothing());

  test('waits for a person, and says so', () => {
    const state = stateOf(...building, exceeded);
    expect(waitReason(state, nothingObserved, NOW)).toMatchObject({ kind: 'budget', owner: 'a person' });
    expect(stateDocument(state, null).status).toBe('waiting');
  });

  test.each(['5', '$5', '5 USD', '5.00'])('is raised to %s; the run goes on, and no attempt is counted', (amount) =>
    given(...building, exceeded)
      .when({ type: 'answer', interaction: null, answer: amount, note: null })
      .thenEvents(
        fact('budget.raised', { account: ACCOUNT, limit: 5 }),
        closed(1, 'answered', amount === '5.00' ? '5.00' : '5'),
        dispatched({ invocation: 1, reason: 'continued' }),
      ),
  );

  test.each([
    ['1.2', 'budget.no_raise'],
    ['lots', 'interaction.not_an_option'],
    ['-3', 'interaction.not_an_option'],
    ['w', 'interaction.not_an_option'],
  ])('is not raised to %s', (amount, code) =>
    given(...building, exceeded)
      .when({ type: 'answer', interaction: null, answer: amount, note: null })
      .thenRejects(`rule.${code}`),
  );

  test('ends the run where a person has enough of it', () =>
    given(...building, exceeded)
      .when({ type: 'answer', interaction: null, answer: 'a', note: 'too dear' })
      .thenEvents(closed(1, 'answered', 'a', 'too dear'), fact('orchestration.aborted', { reason: 'too dear' })));

  test('once raised, who found it used up before that is not believed', () =>
    given(...building, exceeded, fact('budget.raised', { account: ACCOUNT, limit: 5 }), closed(1, 'answered', '5'))
      .when(exceed)
      .thenNothing());

  test('ends the run where nobody decides in time', () => {
    const decisionMs = 60_000;
    const facts = [submittedWithPlan(planOf(1), { policy: { ...policy, decisionMs } }), started(3), exceeded];
    const deadline = stateOf(...facts).interactions[0]?.deadline;
    given(...facts)
      .when({ type: 'time_out' }, { now: deadline ?? NOW })
      .thenEvents(
        closed(1, 'expired'),
        fact('orchestration.failed', {
          reason: `nobody raised the budget by ${deadline} (int_1: The budget of this goal is used up: 1.20 of 1.00 USD.)`,
        }),
      );
  });

  test('is taken for what it is after the run went back: asked about anew', () => {
    const saved = fact('checkpoint.saved', { checkpoint: 'cp_1', name: 'here', afterAgent: null, commit: null });
    const facts = [...building, saved, exceeded, closed(1, 'superseded'), wentBack('cp_1', 5)];
    expect(stateOf(...facts).budget.exceeded).toBeNull();
  });
});

describe('a day that is used up', () => {
  const facts = [...building, fact('budget.exceeded', dayUsedUp)];

  test('may be waited out; the run goes on by itself with the next one', () =>
    given(...facts)
      .when({ type: 'time_out' }, { now: TOMORROW })
      .thenEvents(
        fact('interaction.closed', {
          interaction: 'int_1',
          outcome: 'expired',
          answer: 'w',
          note: null,
          assumed: true,
        }),
        dispatched({ reason: 'continued', notBefore: TOMORROW }),
      ));

  test('is raised for this run alone', () => {
    given(...facts)
      .when({ type: 'answer', interaction: 'int_1', answer: '8', note: null })
      .thenEvents(
        fact('budget.raised', { account: 'day:2026-02-02', limit: 8 }),
        closed(1, 'answered', '8'),
        dispatched({ reason: 'continued' }),
      );
  });

  test('does not keep what was verified from being there', () => {
    const state = stateOf(
      ...building,
      fact('step.succeeded', {
        lease: 4,
        seq: 1,
        step: 'step_1',
        try: 1,
        commit: commit('b'),
        checks: [],
        durationMs: 1,
      }),
      fact('budget.exceeded', dayUsedUp),
    );
    expect(state.steps[0]).toMatchObject({ status: 'completed' });
    // A worker that was not told yet: its lease is over.
    given(...facts)
      .when(report(4, 2, stepDone('step_2', commit('c'))))
      .thenNothing();
  });
});

test('an amount that was recorded changes nothing but what was spent', () => {
  const { state, history } = given(...building);
  const event = { ...recorded(4, entry(1))[0], ...history.at(-1), ...recorded(4, entry(1))[0] };
  const after = evolve(state, { ...event, version: 99 } as never);
  expect({ ...after, head: null, spend: null, updatedAt: null }).toEqual({
    ...state,
    head: null,
    spend: null,
    updatedAt: null,
  });
});
