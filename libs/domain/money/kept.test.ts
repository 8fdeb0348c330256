import { expect, test } from 'vitest';
import { failureOf, planOf, reported, started, stepTried, submittedWithPlan } from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import { fact } from '../context.ts';
import { ownSpend } from './spend.ts';

const paid = (lease: number, engine: string) =>
  fact('usage.recorded', {
    lease,
    number: 1,
    role: 'builder',
    work: 'step_1',
    engine,
    provider: null,
    model: null,
    inputTokens: 1_000,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 50,
    costUsd: 0.1,
    basis: 'reported',
    day: '2026-02-02',
  });

const chosen = {
  fact: 'engine.chosen',
  data: { role: 'builder', work: 'work', engine: 'claude', reason: '', candidates: ['claude', 'codex'] },
} as const;
const failed = (failure: Parameters<typeof failureOf>[1]) =>
  reported(4, 2, stepTried('step_1', 1, failureOf('transient', failure)));

const after = (...facts: Facts) => {
  const data = { ...chosen.data, candidates: [...chosen.data.candidates] };
  const begun = [submittedWithPlan(planOf(1)), started(3), ...reported(4, 1, { ...chosen, data })];
  const { state } = given(...begun, paid(4, 'claude'), ...facts);
  if (state.lifecycle === 'absent') throw new Error('the facts of this test begin with a goal');
  return state;
};

test('what was spent is kept by a retry, and what the next try costs is added', () => {
  const run = after(failed({}), paid(20, 'claude'));
  expect(run.failures).toMatchObject([{ recovery: { action: 'retry' } }]);
  expect(ownSpend(run)).toMatchObject({ usd: 0.2, inputTokens: 2_000, outputTokens: 100 });
});

test('what was spent is kept by a failover, and what the next engine costs is added', () => {
  const run = after(failed({ engine: 'claude', provider: 'down' }), paid(20, 'codex'));
  expect(run.engines.failedOver).toMatchObject([{ from: 'claude', to: 'codex' }]);
  expect(run.spend.lines).toMatchObject([
    { engine: 'claude', usd: 0.1 },
    { engine: 'codex', usd: 0.1 },
  ]);
});
