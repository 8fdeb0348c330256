import type { BacktestPolicy, BacktestStop, OutcomeKind } from '#contracts';
import { dayAccount, goalAccount, labelAccount, tokensAccount } from '#domain';
import type { Recorded } from '#events';

/** What was paid for in one run, and whether a budget stopped it. */
export interface Paid {
  readonly id: string;
  /** The run whose goal it is. */
  readonly root: string;
  readonly goal: string;
  readonly labels: readonly string[];
  readonly outcome: OutcomeKind | null;
  readonly amounts: readonly {
    readonly version: number;
    readonly time: string;
    readonly day: string;
    readonly usd: number;
    readonly tokens: number;
  }[];
  readonly exceeded: { readonly version: number; readonly account: string } | null;
}

export const paidIn = (id: string, events: readonly Recorded[], outcome: OutcomeKind | null): Paid => {
  const submission = events.find((event) => event.type === 'goal.submitted')?.data;
  const exceeded = events.find((event) => event.type === 'budget.exceeded');
  return {
    id,
    root: submission?.parent?.orchestration ?? id,
    goal: submission?.goal ?? '',
    labels: Object.entries(submission?.labels ?? {}).map(([key, value]) => `${key}=${value}`),
    outcome,
    amounts: events.flatMap((event) =>
      event.type === 'usage.recorded'
        ? [
            {
              version: event.version,
              time: event.time,
              day: event.data.day,
              usd: event.data.costUsd,
              tokens: event.data.inputTokens + event.data.outputTokens,
            },
          ]
        : [],
    ),
    exceeded: exceeded ? { version: exceeded.version, account: exceeded.data.account } : null,
  };
};

type Limits = NonNullable<BacktestPolicy['money']>;
type Amount = Paid['amounts'][number];
interface Account {
  readonly account: string;
  readonly limit: number;
  readonly amount: number;
}

/** The accounts with a limit that an amount is paid from, the narrowest first. */
const accountsOf = ({ root, labels }: Paid, { day, usd, tokens }: Amount, limits: Limits): readonly Account[] => {
  const wanted: readonly [account: string, limit: number | false | undefined, amount: number][] = [
    [goalAccount(root), limits.goal_usd, usd],
    [tokensAccount(root), limits.goal_tokens, tokens],
    ...labels.map((label): [string, number | undefined, number] => [labelAccount(label), limits.labels?.[label], usd]),
    [dayAccount(day), limits.per_day_usd, usd],
  ];
  return wanted.flatMap(([account, limit, amount]) =>
    limit === undefined || limit === false ? [] : [{ account, limit, amount }],
  );
};

/** Whether the policy says anything about a budget of this kind. */
const isJudged = (account: string, limits: Limits): boolean => {
  const label = account.startsWith('label:') ? account.slice('label:'.length) : null;
  if (label !== null) return limits.labels?.[label] !== undefined;
  if (account.startsWith('day:')) return limits.per_day_usd !== undefined;
  return (account.startsWith('tokens:') ? limits.goal_tokens : limits.goal_usd) !== undefined;
};

const usedUp = (account: string): string => `budget ${account} is used up`;

/**
 * Which runs would have waited for a person: all that was paid for, in the order in which it became known, against the limits
 * of the policy. A run waits once: what it then cost is counted as recorded, because a person may have raised its limit.
 */
export const judgeMoney = (runs: readonly Paid[], limits: Limits) => {
  const spent = new Map<string, number>();
  const waits = new Map<string, { readonly version: number; readonly account: string }>();
  const amounts = runs
    .flatMap((run) => run.amounts.map((amount) => ({ run, amount })))
    .toSorted((a, b) => a.amount.time.localeCompare(b.amount.time));
  for (const { run, amount } of amounts) {
    const accounts = accountsOf(run, amount, limits);
    const full = accounts.find(({ account, limit }) => (spent.get(account) ?? 0) >= limit);
    if (full && !waits.has(run.id)) waits.set(run.id, { version: amount.version, account: full.account });
    for (const { account, amount: more } of accounts) spent.set(account, (spent.get(account) ?? 0) + more);
  }
  const stopOf = ({ id, goal, outcome }: Paid, version: number, recorded: string, policy: string): BacktestStop => ({
    id,
    version,
    goal: goal.slice(0, 200),
    recorded,
    policy,
    outcome,
  });
  const added = runs.flatMap((run) => {
    const wait = waits.get(run.id);
    return wait && !run.exceeded ? [stopOf(run, wait.version, 'go_on', usedUp(wait.account))] : [];
  });
  const avoided = runs.flatMap((run) =>
    run.exceeded && !waits.has(run.id) && isJudged(run.exceeded.account, limits)
      ? [stopOf(run, run.exceeded.version, usedUp(run.exceeded.account), 'go_on')]
      : [],
  );
  return { added, avoided };
};
