import type { UsageEntry } from '#domain';
import { stepStarted } from '../support/facts.ts';
import { begin, build, finish, type Story, withPlan } from './story.ts';

/** Runs whose engines are paid for. */

const usage = (number: number, change: Partial<UsageEntry> = {}): UsageEntry => ({
  number,
  role: 'builder',
  work: 'step_1',
  engine: 'claude',
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  inputTokens: 200_000,
  cachedTokens: 50_000,
  cacheWriteTokens: 0,
  outputTokens: 20_000,
  costUsd: 0.765,
  basis: 'priced',
  day: '2026-02-02',
  ...change,
});

const TOMORROW = '2026-02-03T00:00:00.000Z';

export const moneyStories: Readonly<Record<string, Story>> = {
  'a-budget-is-raised': async (run) => {
    await run.submit({ ...withPlan(2), budgetUsd: 1, budgetTokens: 600_000, labels: { team: 'web' } });
    await begin(run);
    await run.report(stepStarted('step_1'));
    await run.give({
      type: 'record_usage',
      lease: run.lease(),
      entries: [usage(1), usage(2, { basis: 'reported', costUsd: 0.4 })],
    });
    await build(run, 'step_1', 'b');
    const account = `goal:${run.stream}`;
    await run.give(
      { type: 'exceed_budget', scope: 'goal', account, limit: 1, spent: 1.165, until: null },
      'service:router',
    );
    await run.give({ type: 'answer', interaction: 'int_1', answer: '5 USD', note: 'it is nearly done' });
    await run.start(42);
    await run.report({ fact: 'lease.released', data: { reason: 'budget' } });
    // A call that was under way then is told under the lease that is over.
    const late = usage(1, { model: 'homegrown', provider: null, basis: 'unknown', costUsd: 2.1 });
    await run.give({ type: 'record_usage', lease: run.lease(), entries: [late] });
    const tokens = {
      scope: 'tokens',
      account: `tokens:${run.stream}`,
      limit: 600_000,
      spent: 660_000,
      until: null,
    } as const;
    await run.give({ type: 'exceed_budget', ...tokens }, 'service:router');
    await run.give({ type: 'answer', interaction: 'int_2', answer: '1260000', note: null });
    await run.start(43);
    await build(run, 'step_2', 'c');
    await finish(run, 'c');
  },

  'a-day-is-waited-out': async (run) => {
    await run.submit({ ...withPlan(1), policy: { ...run.policies.current, decisionMs: 3_600_000 } });
    await begin(run);
    await run.give(
      { type: 'exceed_budget', scope: 'day', account: 'day:2026-02-02', limit: 50, spent: 50, until: TOMORROW },
      'service:router',
    );
    run.pass(Date.parse(TOMORROW) - Date.parse('2026-02-02T14:30:52.000Z'));
    await run.give({ type: 'time_out' }, 'service:router');
    await run.start(42);
    await build(run, 'step_1', 'b');
    await finish(run, 'b');
  },
};
