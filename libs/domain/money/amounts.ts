import type { EventOf } from '#events';

/** What calls of models used and cost. */
export interface Amount {
  readonly usd: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

export const nothingSpent: Amount = {
  usd: 0,
  inputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
};

/** Sums are kept to a millionth, so that the same amounts are the same sum in any order. */
export const roundedUsd = (usd: number): number => Math.round(usd * 1e6) / 1e6;

export const addAmounts = (a: Amount, b: Amount): Amount => ({
  usd: roundedUsd(a.usd + b.usd),
  inputTokens: a.inputTokens + b.inputTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  outputTokens: a.outputTokens + b.outputTokens,
});

/** All that models read and wrote: also what they read from a cache, as it counts for the limits of providers. */
export const tokensOf = ({ inputTokens, outputTokens }: Amount): number => inputTokens + outputTokens;

export const sumAmounts = (amounts: Iterable<Amount>): Amount => {
  let sum = nothingSpent;
  for (const amount of amounts) sum = addAmounts(sum, amount);
  return sum;
};

export const amountOf = (data: EventOf<'usage.recorded'>['data']): Amount => ({
  usd: roundedUsd(data.costUsd),
  inputTokens: data.inputTokens,
  cachedTokens: data.cachedTokens,
  cacheWriteTokens: data.cacheWriteTokens,
  outputTokens: data.outputTokens,
});
