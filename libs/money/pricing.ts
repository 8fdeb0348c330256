import type { CostBasis, Price, PriceList, Usage } from '#contracts';

/** What an amount costs, and how that is known. */
export interface Priced {
  /** US dollars, to a millionth. */
  readonly costUsd: number;
  readonly basis: CostBasis;
}

export type Pricing = (usage: Usage) => Priced;

export interface PricingOptions {
  /** Asked in this order; of each, the first pattern that fits. */
  readonly lists: readonly PriceList[];
  /** Of a model that is on none of them. */
  readonly unknown: Price;
}

/** A price is for a million. */
const MILLION = 1_000_000;

const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);

const matcherOf = (pattern: string): RegExp => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 'i');

/** Rounded up: what is counted against a budget is never less than what is paid. */
const upToMillionth = (usd: number): number => Math.ceil(Number((usd * MILLION).toFixed(3))) / MILLION;

const costOf = (usage: Usage, price: Price): number => {
  const cached = Math.min(usage.cached_tokens, usage.input_tokens);
  const written = Math.min(usage.cache_write_tokens, usage.input_tokens - cached);
  const fresh = usage.input_tokens - cached - written;
  const perMillion =
    fresh * price.input + cached * price.cached + written * price.cache_write + usage.output_tokens * price.output;
  return perMillion / MILLION;
};

/** Prices what calls of a model used, unless who was paid said what it cost. */
export const createPricing = ({ lists, unknown }: PricingOptions): Pricing => {
  const rows = lists.flatMap((list) =>
    Object.entries(list).map(([pattern, price]) => ({ matches: matcherOf(pattern), price })),
  );
  const priceOf = ({ provider, model }: Usage): Price | undefined => {
    if (model === null) return undefined;
    const names = provider === null ? [model] : [model, `${provider}/${model}`];
    return rows.find(({ matches }) => names.some((name) => matches.test(name)))?.price;
  };
  return (usage) => {
    if (usage.cost_usd !== null) return { costUsd: upToMillionth(usage.cost_usd), basis: 'reported' };
    const price = priceOf(usage);
    if (price) return { costUsd: upToMillionth(costOf(usage, price)), basis: 'priced' };
    return { costUsd: upToMillionth(costOf(usage, unknown)), basis: 'unknown' };
  };
};
