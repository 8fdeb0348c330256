import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';
import * as z from 'zod';
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
        total: number,
        want: 'settle' | 'release' | 'reserve',
        most: number,
        limitsJson: string,
        nowMs: number,
      ]
    ): Result<string[], Context>;
  }
}

const changeEntry = readFileSync(new URL('./change-entry.lua', import.meta.url), 'utf8');

/** What a run has spent, as its log says it at a version. US dollars. */
export interface Spending {
  readonly run: string;
  readonly version: number;
  readonly total: number;
  readonly accounts: Readonly<Record<string, number>>;
}

export interface Limit {
  readonly account: string;
  readonly usd: number;
}

export type Reservation =
  | { readonly outcome: 'reserved'; readonly usd: number }
  /** `busy`: others hold so much that not enough is left. `exceeded`: nothing is. */
  | { readonly outcome: 'busy' | 'exceeded'; readonly account: string; readonly spentUsd: number }
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

/** Counts what a run has spent, and grants it more, or takes back what it was granted. */
const createChange = (redis: Redis, tag: string) => {
  redis.defineCommand('studioChangeEntry', { numberOfKeys: 5, lua: changeEntry });
  const { entries, spent, held, holders, waiting } = keysOf(tag);
  return (
    { run, version, total, accounts }: Spending,
    want: 'settle' | 'release' | 'reserve',
    most = 0,
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
      JSON.stringify(Object.fromEntries(Object.entries(accounts).map(([name, usd]) => [name, millionths(usd)]))),
      millionths(total),
      want,
      millionths(most),
      JSON.stringify(limits.map(({ account, usd }) => [account, millionths(usd)])),
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
    async reserve(spending: Spending, most: number, limits: readonly Limit[]): Promise<Reservation> {
      const [outcome = '', first = '', second = '0'] = await change(spending, 'reserve', most, limits);
      if (outcome === 'reserved') return { outcome, usd: usdOf(Number(first)) };
      if (outcome === 'busy' || outcome === 'exceeded')
        return { outcome, account: first, spentUsd: usdOf(Number(second)) };
      return { outcome: 'stale' };
    },

    /** What these accounts have spent and hold. */
    async balances(
      accounts: readonly string[],
    ): Promise<readonly { readonly spentUsd: number; readonly heldUsd: number }[]> {
      if (accounts.length === 0) return [];
      const [spends, holds] = await Promise.all([redis.hmget(spent, ...accounts), redis.hmget(held, ...accounts)]);
      return accounts.map((_name, index) => ({
        spentUsd: usdOf(Number(spends[index] ?? 0)),
        heldUsd: usdOf(Number(holds[index] ?? 0)),
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
