import type { EventOf } from '#events';
import type { Run } from '../run.ts';
import { type Amount, addAmounts, amountOf, nothingSpent, roundedUsd, sumAmounts } from './amounts.ts';

type Usage = EventOf<'usage.recorded'>['data'];

/** Of one engine and model, by one agent. */
export interface SpendLine extends Amount, Pick<Usage, 'role' | 'engine' | 'provider' | 'model' | 'basis'> {
  readonly amounts: number;
}

/** What the calls of a run cost. It is never taken back: not by a retry, and not where the run goes back. */
export interface Spend {
  readonly lines: readonly SpendLine[];
  /** US dollars, by the day of the budget that they count for. */
  readonly days: Readonly<Record<string, number>>;
  /** The highest number that was recorded under each lease. */
  readonly recorded: Readonly<Record<number, number>>;
  /** What each of its tasks cost, by the run that did it, as of its end. */
  readonly tasks: Readonly<Record<string, Amount>>;
  /** Only of a fork: what the run that it comes from had cost by then. */
  readonly before: Amount | null;
}

export const noSpend: Spend = { lines: [], days: {}, recorded: {}, tasks: {}, before: null };

const isSame = (line: SpendLine, { role, engine, provider, model, basis }: Usage): boolean =>
  line.role === role &&
  line.engine === engine &&
  line.provider === provider &&
  line.model === model &&
  line.basis === basis;

const withAmount = (lines: readonly SpendLine[], usage: Usage): readonly SpendLine[] => {
  const amount = amountOf(usage);
  if (lines.some((line) => isSame(line, usage)))
    return lines.map((line) =>
      isSame(line, usage) ? { ...line, ...addAmounts(line, amount), amounts: line.amounts + 1 } : line,
    );
  const { role, engine, provider, model, basis } = usage;
  return [...lines, { role, engine, provider, model, basis, amounts: 1, ...amount }];
};

export const afterUsage = (spend: Spend, usage: Usage): Spend => ({
  ...spend,
  lines: withAmount(spend.lines, usage),
  days: { ...spend.days, [usage.day]: roundedUsd((spend.days[usage.day] ?? 0) + usage.costUsd) },
  recorded: { ...spend.recorded, [usage.lease]: Math.max(usage.number, spend.recorded[usage.lease] ?? 0) },
});

/** What the calls of this run cost, without its tasks. */
export const ownSpend = ({ spend }: Pick<Run, 'spend'>): Amount => sumAmounts(spend.lines);

export const tasksSpend = ({ spend }: Pick<Run, 'spend'>): Amount => sumAmounts(Object.values(spend.tasks));

/** With what its tasks cost that have ended. */
export const totalSpend = (run: Pick<Run, 'spend'>): Amount => addAmounts(ownSpend(run), tasksSpend(run));

/** A fork begins with nothing spent: what it was copied from has paid for itself. */
export const forkedSpend = (run: Pick<Run, 'spend'>): Spend => ({
  ...noSpend,
  recorded: run.spend.recorded,
  before: addAmounts(totalSpend(run), run.spend.before ?? nothingSpent),
});
