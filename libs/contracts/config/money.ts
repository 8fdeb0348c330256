import * as z from 'zod';

const UsdPerMillion = z.number().nonnegative().max(100_000);

/** US dollars for a million tokens of a model. */
export const Price = z.strictObject({
  input: UsdPerMillion.describe('what was neither read from a cache nor written to one'),
  cached: UsdPerMillion.describe('input that was read from a cache'),
  cache_write: UsdPerMillion.describe('input that was written to a cache'),
  output: UsdPerMillion,
});
export type Price = z.infer<typeof Price>;

/** By the name of a model, or by provider/model. A `*` stands for any text; the first pattern that fits decides. */
export const PriceList = z.record(z.string().min(1).max(200), Price);
export type PriceList = z.infer<typeof PriceList>;

export const Prices = z.strictObject({
  models: PriceList.describe(
    'prices of your own, asked before those of data/prices.yaml; by model or provider/model, * is any text',
  ),
  unknown: Price.describe('counted for a model that no price is known of, so that a budget holds'),
});

const Usd = z.number().positive().max(1_000_000_000);

// The default is not looked up: the first use of the calendar takes 25 ms, and every command reads the configuration.
const isTimeZone = (name: string): boolean => {
  if (name === 'UTC') return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** What engines may cost, beside the budget of a goal. */
export const Money = z.strictObject({
  per_day_usd: z
    .union([z.literal(false), Usd], { error: 'expected US dollars, or false' })
    .describe('what all runs together may cost a day; false: no limit'),
  time_zone: z
    .string()
    .refine(isTimeZone, { error: 'expected the name of a time zone: UTC, Europe/Berlin' })
    .describe('where a day begins at midnight'),
  labels: z
    .record(z.string().regex(/^[^=]+=.+$/, { error: 'a label looks like team=web' }), Usd)
    .describe('what all runs with a label may cost, ever: {"team=web": 20}'),
  reserve_usd: Usd.describe(
    'held back for a run before an engine is asked, where a budget applies; no call is told that it may cost more',
  ),
  reserve_tokens: z.int().positive().describe('the same of tokens, where a goal may use so many and no more'),
});
export type Money = z.infer<typeof Money>;
