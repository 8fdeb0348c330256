import { expect, test, vi } from 'vitest';
import { simulate } from '../../../test/support/simulation.ts';
import { afterEachCommand, always, TIMEOUT_MS } from '../../../test/support/stories.ts';
import { roundedUsd, tokensOf } from './amounts.ts';
import { ownSpend } from './spend.ts';

vi.setConfig({ testTimeout: TIMEOUT_MS });

test('whatever happens, what was spent is the sum of all amounts that were told, each of them once', () =>
  always((told) => {
    const { log, state } = simulate(told);
    const run = state();
    if (run.lifecycle === 'absent') return;
    const amounts = log.flatMap((event) => (event.type === 'usage.recorded' ? [event.data] : []));
    const names = amounts.map(({ lease, number }) => `${lease}/${number}`);
    expect(new Set(names).size).toBe(names.length);
    const spent = ownSpend(run);
    expect(spent.usd).toBe(roundedUsd(amounts.reduce((sum, { costUsd }) => sum + costUsd, 0)));
    expect(tokensOf(spent)).toBe(amounts.reduce((sum, one) => sum + one.inputTokens + one.outputTokens, 0));
  }));

test('what was spent is never less than before: not after a retry, going back, failover or the end', () =>
  afterEachCommand(({ before, after }) => {
    if (before.lifecycle === 'absent' || after.lifecycle === 'absent') return;
    expect(ownSpend(after).usd).toBeGreaterThanOrEqual(ownSpend(before).usd);
    expect(tokensOf(ownSpend(after))).toBeGreaterThanOrEqual(tokensOf(ownSpend(before)));
  }));

test('only a person raises a budget, and to more than was spent of it', () =>
  afterEachCommand(({ before, command, events }) => {
    for (const event of events) {
      if (event.type !== 'budget.raised' || before.lifecycle === 'absent') continue;
      expect(command.type).toBe('answer');
      expect(event.data.account).toBe(before.budget.exceeded?.account);
      expect(event.data.limit).toBeGreaterThan(before.budget.exceeded?.spent ?? Number.POSITIVE_INFINITY);
    }
  }));
