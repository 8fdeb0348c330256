import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLedger, type Ledger } from '#money';
import { fc } from '../support/fast-check.ts';
import { testRedis } from '../support/redis.ts';

const redis = testRedis();

/** Ledgers of several processes, each on a connection of its own, over accounts that nobody else uses. */
const ledgers = (count: number): readonly Ledger[] => {
  const tag = `${redis.tag}:${randomUUID()}`;
  return Array.from({ length: count }, () => createLedger(redis.connect(), tag));
};
const ledger = (): Ledger => ledgers(1)[0] ?? raise();
const raise = (): never => {
  throw new Error('no ledger');
};

const spending = (run: string, version: number, usd: number, accounts: readonly string[] = ['goal:g']) => ({
  run,
  version,
  totals: { usd, tokens: 0 },
  accounts: usd === 0 ? {} : Object.fromEntries(accounts.map((account) => [account, usd])),
});
const goal = (most: number) => [{ account: 'goal:g', most }];
/** Held back of dollars, in tests where tokens have no limit. */
const dollars = (amount: number) => ({ usd: amount, tokens: 100 });
const reserved = (amount: number) => ({ outcome: 'reserved', usd: amount, tokens: null });
const balance = async (one: Ledger, account = 'goal:g') => (await one.balances([account]))[0];

describe('what was spent', () => {
  test('is set, not added: told twice, late, and in any order, it counts once', async () => {
    const one = ledger();
    for (const told of [spending('a', 9, 0.3), spending('a', 5, 0.1), spending('a', 9, 0.3), spending('b', 2, 0.2)])
      await one.settle(told);
    expect(await balance(one)).toEqual({ spent: 0.5, held: 0 });
  });

  test('of ten processes that tell what a run spent as it goes on is the last of it', async () => {
    const all = ledgers(10);
    const versions = Array.from({ length: 50 }, (_, index) => index + 1);
    await Promise.all(
      versions.flatMap((version) =>
        all.map((one, index) => one.settle(spending(`run-${index % 3}`, version, version / 100))),
      ),
    );
    expect(await balance(all[0] ?? raise())).toEqual({ spent: 1.5, held: 0 });
  });
});

describe('a reservation', () => {
  test('of tokens is held back beside that of dollars, and either can be what is not left', async () => {
    const one = ledger();
    const told = (run: string, version: number, tokens: number) => ({
      run,
      version,
      totals: { usd: 0, tokens },
      accounts: tokens === 0 ? {} : { 'tokens:g': tokens },
    });
    const both = (dollarsLeft: number) => [...goal(dollarsLeft), { account: 'tokens:g', most: 250 }];
    expect(await one.reserve(told('a', 1, 0), dollars(2), both(5))).toEqual({
      outcome: 'reserved',
      usd: 2,
      tokens: 100,
    });
    expect(await one.reserve(told('b', 1, 0), dollars(2), both(5))).toMatchObject({ outcome: 'reserved', tokens: 100 });
    expect(await one.reserve(told('c', 1, 0), dollars(1), both(5))).toMatchObject({
      outcome: 'busy',
      account: 'tokens:g',
    });
    await one.settle(told('a', 2, 70));
    expect(await balance(one, 'tokens:g')).toEqual({ spent: 70, held: 130 });
    expect(await balance(one)).toEqual({ spent: 0, held: 4 });
    await one.release(told('a', 3, 180));
    await one.release(told('b', 3, 70));
    expect(await one.reserve(told('c', 1, 0), dollars(1), both(5))).toEqual({
      outcome: 'exceeded',
      account: 'tokens:g',
      spent: 250,
    });
  });

  test('is as much as was asked for; less only for one alone, who has what is left', async () => {
    const one = ledger();
    expect(await one.reserve(spending('a', 1, 0), dollars(2), goal(5))).toEqual(reserved(2));
    expect(await one.reserve(spending('b', 1, 0), dollars(2), goal(5))).toEqual(reserved(2));
    expect(await one.reserve(spending('c', 1, 0), dollars(2), goal(5))).toMatchObject({ outcome: 'busy' });
    await one.release(spending('a', 2, 2));
    await one.release(spending('b', 2, 2));
    expect(await one.reserve(spending('c', 1, 0), dollars(2), goal(5))).toEqual(reserved(1));
    expect(await balance(one)).toEqual({ spent: 4, held: 1 });
  });

  test('is refused while others hold the rest, and had when they give it back', async () => {
    const one = ledger();
    await one.reserve(spending('a', 1, 0), dollars(5), goal(5));
    expect(await one.reserve(spending('b', 1, 0), dollars(2), goal(5))).toMatchObject({
      outcome: 'busy',
      account: 'goal:g',
    });
    expect(await one.waiting(10)).toEqual(['b']);
    expect(await one.lacks('b')).toEqual({ what: 'busy', account: 'goal:g' });
    await one.release(spending('a', 4, 1));
    expect(await one.reserve(spending('b', 1, 0), dollars(2), goal(5))).toEqual(reserved(2));
    expect(await one.waiting(10)).toEqual([]);
    expect(await one.lacks('b')).toBeNull();
  });

  test('becomes what was spent as that is told, and never both', async () => {
    const one = ledger();
    await one.reserve(spending('a', 1, 0), dollars(2), goal(5));
    await one.settle(spending('a', 2, 0.5));
    expect(await balance(one)).toEqual({ spent: 0.5, held: 1.5 });
    await one.settle(spending('a', 3, 2.5));
    expect(await balance(one)).toEqual({ spent: 2.5, held: 0 });
  });

  test('of the same run takes the place of the one before: a worker that died leaves nothing held', async () => {
    const one = ledger();
    await one.reserve(spending('a', 1, 0), dollars(2), goal(5));
    await one.reserve(spending('a', 3, 0.5), dollars(2), goal(5));
    expect(await balance(one)).toEqual({ spent: 0.5, held: 2 });
  });

  test('is refused where a budget is used up, the first of several that is', async () => {
    const one = ledger();
    await one.settle(spending('a', 1, 5, ['goal:g', 'label:team=web']));
    const limits = [{ account: 'day:2026-02-02', most: 9 }, { account: 'label:team=web', most: 5 }, ...goal(4)];
    expect(await one.reserve(spending('b', 1, 0), dollars(2), limits)).toEqual({
      outcome: 'exceeded',
      account: 'label:team=web',
      spent: 5,
    });
  });

  test('is not had by whoever knows less of the run than the ledger', async () => {
    const one = ledger();
    await one.release(spending('a', 7, 1));
    expect(await one.reserve(spending('a', 5, 0.5), dollars(2), goal(5))).toEqual({ outcome: 'stale' });
    expect(await balance(one)).toEqual({ spent: 1, held: 0 });
  });
});

test('processes that spend as much as they can at once never spend more than the limit and what one call costs more', async () => {
  const LIMIT = 10;
  const RESERVED = 0.5;
  const all = ledgers(8);
  let versions = 0;
  const spend = async (one: Ledger, run: string): Promise<void> => {
    for (let usd = 0; ; ) {
      const reservation = await one.reserve(spending(run, ++versions, usd), dollars(RESERVED), goal(LIMIT));
      if (reservation.outcome === 'exceeded') return;
      // A call costs what it likes up to what is held back for it; where less was left, it may cost more than that.
      if (reservation.outcome === 'reserved') {
        await setImmediate(); // others ask while the call is under way
        usd = Math.round((usd + RESERVED * Math.random()) * 1e6) / 1e6;
      }
      await one.release(spending(run, ++versions, usd));
    }
  };
  await Promise.all(all.map((one, index) => spend(one, `run-${index}`)));
  const { spent = 0, held } = (await balance(all[0] ?? raise())) ?? {};
  expect(spent).toBeGreaterThanOrEqual(LIMIT);
  expect(spent).toBeLessThan(LIMIT + RESERVED);
  expect(held).toBe(0);
});

test('whatever is told in whatever order, the ledger is the sum of what the runs say last', async () => {
  const runs = ['a', 'b', 'c'];
  const move = fc.record({
    run: fc.constantFrom(...runs),
    to: fc.integer({ min: 1, max: 8 }),
    want: fc.constantFrom('settle', 'release', 'reserve'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 30 }), async (moves) => {
      const one = ledger();
      // A run has spent a tenth more at each version, on one day up to the fourth, then on the next.
      const at = (run: string, version: number) => {
        const first = Math.min(version, 4) / 10;
        const then = Math.max(0, version - 4) / 10;
        const days = { 'day:1': first, ...(then > 0 ? { 'day:2': then } : {}) };
        return {
          run,
          version,
          totals: { usd: version / 10, tokens: 0 },
          accounts: { 'goal:g': version / 10, ...days },
        };
      };
      for (const { run, to, want } of moves) {
        if (want === 'reserve') await one.reserve(at(run, to), dollars(0.3), goal(1));
        else await one[want === 'settle' ? 'settle' : 'release'](at(run, to));
      }
      const newest = runs.map((run) => Math.max(0, ...moves.filter((told) => told.run === run).map(({ to }) => to)));
      const sum = (of: (version: number) => number) =>
        newest.reduce((all, version) => all + Math.round(10 * of(version)), 0) / 10;
      const [all, first, then] = await one.balances(['goal:g', 'day:1', 'day:2']);
      expect(all?.spent).toBe(sum((version) => version / 10));
      expect(first?.spent).toBe(sum((version) => Math.min(version, 4) / 10));
      expect(then?.spent).toBe(sum((version) => Math.max(0, version - 4) / 10));
      for (const [index, run] of runs.entries()) await one.release(at(run, newest[index] ?? 0));
      expect((await balance(one))?.held).toBe(0);
      expect(await one.holders()).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
