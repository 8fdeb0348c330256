import type { Command, State } from '#domain';
import type { Recorded } from '#events';
import { fc } from './fast-check.ts';

/** What engines cost in a simulated history, and budgets that are used up. */

export type MoneyMove =
  | { readonly do: 'spend'; readonly pick: number; readonly number: number; readonly cents: number }
  | { readonly do: 'exceed'; readonly scope: (typeof SCOPES)[number]; readonly limit: number };

const SCOPES = ['goal', 'tokens', 'day', 'label'] as const;

export const ofMoney: fc.Arbitrary<MoneyMove> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('spend' as const),
      pick: fc.nat(100),
      number: fc.integer({ min: 1, max: 4 }),
      cents: fc.nat(200),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('exceed' as const),
      scope: fc.constantFrom(...SCOPES),
      limit: fc.integer({ min: 1, max: 9 }),
    }),
  },
);

const DAY = '2026-02-02';

/** Told under any lease that there ever was: in time, late, or again. */
const spend = (log: readonly Recorded[], { pick, number, cents }: Extract<MoneyMove, { do: 'spend' }>): Command => {
  const leases = log.flatMap(({ type, version }) => (type === 'agent.started' ? [version] : []));
  const amount = {
    role: 'builder' as const,
    work: 'step_1',
    engine: 'claude',
    provider: null,
    model: pick % 2 === 0 ? 'small' : 'large',
    inputTokens: 100 * cents,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: cents,
    costUsd: cents / 100,
    basis: 'priced' as const,
    day: DAY,
  };
  const entries = [number, number + 1].map((one) => ({ number: one, ...amount }));
  return { type: 'record_usage', lease: leases[pick % Math.max(1, leases.length)] ?? 1, entries };
};

const exceed = (state: State, time: string, { scope, limit }: Extract<MoneyMove, { do: 'exceed' }>): Command => {
  const id = state.lifecycle === 'absent' ? '' : state.id;
  const of = { goal: id, tokens: id, day: DAY, label: 'team=web' }[scope];
  const until = scope === 'day' ? new Date(Date.parse(time) + 60_000).toISOString() : null;
  return { type: 'exceed_budget', scope, account: `${scope}:${of}`, limit, spent: limit + 1, until };
};

export const moneyCommand = (
  { log, state, time }: { readonly log: readonly Recorded[]; readonly state: State; readonly time: string },
  move: MoneyMove,
): Command => (move.do === 'spend' ? spend(log, move) : exceed(state, time, move));
