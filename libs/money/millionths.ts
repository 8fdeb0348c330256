const MILLION = 1_000_000;

/** Whole millionths of a dollar: sums of them are the same in any order. */
export const millionths = (usd: number): number => Math.round(usd * MILLION);

export const usdOf = (count: number): number => count / MILLION;
