export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

export const percentile = (sorted: readonly number[], part: number): number =>
  rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN);

/** Of one figure over the rounds: the median to quote, and how far the rounds lay apart. */
export const summarize = (values: readonly number[]): Summary => {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: percentile(sorted, 0.5), min: rounded(sorted[0] ?? 0), max: rounded(sorted.at(-1) ?? 0) };
};
