import type { Money } from '#contracts';
import {
  dayAccount,
  goalAccount,
  goalLimit,
  labelAccount,
  ownSpend,
  rootOf,
  type State,
  tokenLimit,
  tokensAccount,
  tokensOf,
} from '#domain';
import type { Limit, Spending } from './ledger.ts';

export type Known = Exclude<State, { lifecycle: 'absent' }>;

const labelsOf = ({ submission }: Known): readonly string[] =>
  Object.entries(submission.labels).map(([key, value]) => `${key}=${value}`);

/** What a run has spent, in each account that it spends from: of its goal, of the days, of its labels, and in tokens. */
export const spendingOf = (run: Known): Spending => {
  const own = ownSpend(run);
  const totals = { usd: own.usd, tokens: tokensOf(own) };
  const shared = [goalAccount(rootOf(run)), ...labelsOf(run).map(labelAccount)];
  const all = [
    ...shared.map((account) => [account, own.usd] as const),
    ...Object.entries(run.spend.days).map(([day, usd]) => [dayAccount(day), usd] as const),
    ...(run.submission.budgetTokens === null ? [] : [[tokensAccount(rootOf(run)), totals.tokens] as const]),
  ];
  return {
    run: run.id,
    version: run.head.version,
    totals,
    accounts: Object.fromEntries(all.filter(([, amount]) => amount > 0)),
  };
};

/**
 * The limits that stand over what a run spends now, the narrowest first.
 * @param root whose goal it is; the run itself unless it is a task
 */
export const limitsOn = (
  run: Known,
  root: Known,
  money: Pick<Money, 'per_day_usd' | 'labels'>,
  today: string,
): readonly Limit[] => {
  const goal = goalLimit(root);
  const tokens = tokenLimit(root);
  const day = dayAccount(today);
  const perDay = money.per_day_usd === false ? null : money.per_day_usd;
  const labelled = labelsOf(run).map((label): [string, number | null] => [
    labelAccount(label),
    money.labels[label] ?? null,
  ]);
  const shared: readonly [string, number | null][] = [...labelled, [day, perDay]];
  return [
    ...(goal === null ? [] : [{ account: goalAccount(root.id), most: goal }]),
    ...(tokens === null ? [] : [{ account: tokensAccount(root.id), most: tokens }]),
    ...shared.flatMap(([account, usd]) =>
      usd === null ? [] : [{ account, most: Math.max(usd, run.budget.raised[account] ?? 0) }],
    ),
  ];
};
