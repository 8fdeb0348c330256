import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';
import * as z from 'zod';
import { unitOf } from '#domain';
import { millionths, usdOf } from './millionths.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    studioChangeEntry(
      ...args: [
        entries: string,
        spent: string,
        held: string,
        holders: string,
        waiting: string,
        run: string,
        version: number,
        spentJson: string,
        totalsJson: string,
        want: 'settle' | 'release' | 'reserve',
        mostJson: string,
        limitsJson: string,
        nowMs: number,
      ]
    ): Result<string[], Context>;
  }
}

const changeEntry = readFileSync(new URL('./change-entry.lua', import.meta.url), 'utf8');

/** US dollars, and tokens. */
export interface Amounts {
  readonly usd: number;
  readonly tokens: number;
}

/** What a run has spent, as its log says it at a version. Accounts are of dollars, or of tokens. */
export interface Spending {
  readonly run: string;
  readonly version: number;
  readonly totals: Amounts;
  readonly accounts: Readonly<Record<string, number>>;
}

export interface Limit {
  readonly account: string;
  readonly most: number;
}

export type Reservation =
  /** `null`: no limit stands over these. */
  | { readonly outcome: 'reserved'; readonly usd: number | null; readonly tokens: number | null }
  /** `busy`: others hold so much that not enough is left. `exceeded`: nothing is. */
  | { readonly outcome: 'busy' | 'exceeded'; readonly account: string; readonly spent: number }
  | { readonly outcome: 'stale' };

const Lacks = z.object({ what: z.enum(['busy', 'exceeded']), account: z.string() });
const Entry = z.object({ lacks: Lacks.optional() });

const keysOf = (tag: string) =>
  ({
    entries: `${tag}:money:entries`,
    spent: `${tag}:money:spent`,
    held: `${tag}:money:held`,
    holders: `${tag}:money:holders`,
    waiting: `${tag}:money:waiting`,
    /** String: there while the ledger holds all that the log says. */
    counted: `${tag}:money:counted`,
  }) as const;

/** Whole numbers: sums of them are the same in any order. */
const countOf = (account: string, amount: number): number =>
  unitOf(account) === 'usd' ? millionths(amount) : Math.floor(amount);
const amountOf = (account: string, count: number): number => (unitOf(account) === 'usd' ? usdOf(count) : count);
const counts = ({ usd, tokens }: Amounts): Amounts => ({ usd: millionths(usd), tokens });

const NOTHING: Amounts = { usd: 0, tokens: 0 };

/** Counts what a run has spent, and grants it more, or takes back what it was granted. */
const createChange = (redis: Redis, tag: string) => {
  redis.defineCommand('studioChangeEntry', { numberOfKeys: 5, lua: changeEntry });
  const { entries, spent, held, holders, waiting } = keysOf(tag);
  return (
    { run, version, totals, accounts }: Spending,
    want: 'settle' | 'release' | 'reserve',
    most = NOTHING,
    limits: readonly Limit[] = [],
  ): Promise<string[]> =>
    redis.studioChangeEntry(
      entries,
      spent,
      held,
      holders,
      waiting,
      run,
      version,
      JSON.stringify(
        Object.fromEntries(Object.entries(accounts).map(([name, amount]) => [name, countOf(name, amount)])),
      ),
      JSON.stringify(counts(totals)),
      want,
      JSON.stringify(counts(most)),
      JSON.stringify(limits.map(({ account, most: limit }) => [account, countOf(account, limit), unitOf(account)])),
      Date.now(),
    );
};

/**
 * What all runs have spent, and what is granted to those under way: one for all processes. It is made from the log and
 * can be made again from it; nothing is decided by what is here alone.
 */
export const createLedger = (redis: Redis, tag: string) => {
  const change = createChange(redis, tag);
  const { entries, spent, held, holders, waiting, counted } = keysOf(tag);

  return {
    /** Counts what was spent, and leaves what is granted as it is. Safe to call again, late and in any order. */
    settle: async (spending: Spending): Promise<void> => void (await change(spending, 'settle')),

    /** Counts what was spent, and gives back what is left of what was granted. */
    release: async (spending: Spending): Promise<void> => void (await change(spending, 'release')),

    /**
     * Counts what was spent, and grants `most`; what was granted before is given back. Where less is left of a limit, that is
     * granted to one run alone: a limit is passed by what one call costs more than was left for it, at most.
     */
    async reserve(spending: Spending, most: Amounts, limits: readonly Limit[]): Promise<Reservation> {
      const [outcome = '', first = '', second = '0'] = await change(spending, 'reserve', most, limits);
      const isLimited = (unit: keyof Amounts) => limits.some(({ account }) => unitOf(account) === unit);
      if (outcome === 'reserved')
        return {
          outcome,
          usd: isLimited('usd') ? usdOf(Number(first)) : null,
          tokens: isLimited('tokens') ? Number(second) : null,
        };
      if (outcome === 'busy' || outcome === 'exceeded')
        return { outcome, account: first, spent: amountOf(first, Number(second)) };
      return { outcome: 'stale' };
    },

    /** What these accounts have spent and hold. */
    async balances(accounts: readonly string[]): Promise<readonly { readonly spent: number; readonly held: number }[]> {
      if (accounts.length === 0) return [];
      const [spends, holds] = await Promise.all([redis.hmget(spent, ...accounts), redis.hmget(held, ...accounts)]);
      return accounts.map((name, index) => ({
        spent: amountOf(name, Number(spends[index] ?? 0)),
        held: amountOf(name, Number(holds[index] ?? 0)),
      }));
    },

    /** Why a run was granted nothing the last time it asked, or `null`. */
    async lacks(run: string): Promise<z.infer<typeof Lacks> | null> {
      const json = await redis.hget(entries, run);
      return json === null ? null : (Entry.parse(JSON.parse(json)).lacks ?? null);
    },

    /** Runs that were granted nothing, the one that waits longest first. */
    waiting: (most: number): Promise<string[]> => redis.zrange(waiting, '0', String(most - 1)),

    /** Runs that are granted something. */
    holders: (): Promise<string[]> => redis.smembers(holders),

    isCounted: async (): Promise<boolean> => (await redis.exists(counted)) === 1,
    setCounted: async (): Promise<void> => void (await redis.set(counted, '1')),
  };
};
export type Ledger = ReturnType<typeof createLedger>;
