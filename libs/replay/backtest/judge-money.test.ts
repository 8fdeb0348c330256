import { describe, expect, test } from 'vitest';
import type { BacktestDocument } from '#contracts';
import type { Recorded } from '#events';
import { goldenEvents } from '../../../test/history/golden.ts';
import { routing } from '../../../test/support/facts.ts';
import { judgeRun } from './judge-run.ts';
import { parseAlternative } from './policy.ts';
import { createSum } from './sum.ts';

const events = goldenEvents('a-budget-is-raised');
const day = goldenEvents('a-day-is-waited-out');

const backtest = (policy: unknown, ...runs: readonly (readonly Recorded[])[]): BacktestDocument => {
  const alternative = parseAlternative(policy, []);
  const sum = createSum(alternative, null);
  for (const run of runs) sum.add(judgeRun(run[0]?.stream ?? '', run, alternative, () => routing));
  return sum.document();
};

const waits = ({ totals }: BacktestDocument) => {
  const { recorded, policy } = totals.find(({ what }) => what === 'budget_waits') ?? {};
  return { recorded, policy };
};

describe('money', () => {
  test('under a smaller budget names the goals that would have waited, with the version at which they would', () => {
    const paid = events.filter(({ type }) => type !== 'budget.exceeded');
    const document = backtest({ money: { labels: { 'team=web': 0.5 } } }, paid);
    expect(waits(document)).toEqual({ recorded: 0, policy: 1 });
    const [, second] = events.filter(({ type }) => type === 'usage.recorded');
    expect(document.stops.added).toMatchObject([
      {
        id: events[0]?.stream,
        version: second?.version,
        recorded: 'go_on',
        policy: 'budget label:team=web is used up',
      },
    ]);
    for (const money of [{ per_day_usd: 0.5 }, { goal_usd: 0.5 }, { goal_tokens: 100 }])
      expect(backtest({ money }, paid).stops.added).toMatchObject([
        { id: events[0]?.stream, version: second?.version },
      ]);
    expect(backtest({ money: { goal_usd: 50 } }, paid).stops.added).toEqual([]);
  });

  test('under a larger budget, or none, names those that would have gone on', () => {
    const document = backtest({ money: { per_day_usd: false } }, day, events);
    expect(waits(document)).toEqual({ recorded: 2, policy: 1 });
    expect(document.stops.avoided).toMatchObject([
      { id: day[0]?.stream, recorded: 'budget day:2026-02-02 is used up', policy: 'go_on' },
    ]);
  });
});
