import { describe, expect, test } from 'vitest';
import { Usage } from '#contracts';
import { createPricing, type Pricing } from './pricing.ts';
import { readPrices } from './read-prices.ts';

const price = (input: number) => ({ input, cached: input / 10, cache_write: input * 1.25, output: input * 5 });
const unknown = price(100);

const usage = (change: Partial<Usage> = {}): Usage =>
  Usage.parse({ provider: 'anthropic', model: 'small-1', input_tokens: 1_000_000, output_tokens: 0, ...change });

const of = (pricing: Pricing, change: Partial<Usage>) => pricing(usage(change));

describe('an amount costs', () => {
  const pricing = createPricing({ lists: [{ 'small-*': price(2) }], unknown });

  test('what whoever was paid says', () =>
    expect(of(pricing, { cost_usd: 0.42 })).toEqual({ costUsd: 0.42, basis: 'reported' }));

  test('nothing, where it was paid otherwise', () =>
    expect(of(pricing, { cost_usd: 0 })).toEqual({ costUsd: 0, basis: 'reported' }));

  test('else what its tokens cost by the list', () =>
    expect(of(pricing, { output_tokens: 100_000 })).toEqual({ costUsd: 3, basis: 'priced' }));

  test('less for what was read from a cache, more for what was written to one, and neither twice', () =>
    expect(of(pricing, { cached_tokens: 500_000, cache_write_tokens: 200_000 })).toEqual({
      costUsd: 0.1 + 0.5 + 0.6,
      basis: 'priced',
    }));

  test('the worst case where no price is known, so that a budget holds', () => {
    expect(of(pricing, { model: 'other' })).toEqual({ costUsd: 100, basis: 'unknown' });
    expect(of(pricing, { model: null })).toEqual({ costUsd: 100, basis: 'unknown' });
  });

  test('never less than it does: a fraction of a millionth is rounded up', () =>
    expect(of(pricing, { input_tokens: 1, model: 'small-1' })).toEqual({ costUsd: 0.000002, basis: 'priced' }));
});

describe('a pattern', () => {
  const first = (lists: Parameters<typeof createPricing>[0]['lists'], change: Partial<Usage>) =>
    of(createPricing({ lists, unknown }), change).costUsd;

  test('fits the name of a model, or provider and model', () => {
    expect(first([{ 'small-1': price(2) }], {})).toBe(2);
    expect(first([{ 'anthropic/small-*': price(3) }], {})).toBe(3);
    expect(first([{ 'anthropic/*': price(3) }], { provider: 'openai' })).toBe(100);
  });
  test('takes letters as they are said, whatever their case, and dots for dots', () => {
    expect(first([{ 'SMALL-1': price(2) }], {})).toBe(2);
    expect(first([{ 'small.1': price(2) }], {})).toBe(100);
  });
  test('of the team is asked first; of one list, the first that fits', () => {
    expect(first([{ '*': price(0) }, { 'small-1': price(2) }], {})).toBe(0);
    expect(first([{ 'small-*': price(1), 'small-1': price(2) }], {})).toBe(1);
  });
});

describe('the list that comes with Studio', async () => {
  const pricing = createPricing({ lists: [await readPrices()], unknown: price(1_000) });
  const million = (model: string, provider: string | null = null) => of(pricing, { model, provider }).costUsd;

  test.each([
    ['claude-sonnet-4-5-20250929', 3],
    ['anthropic.claude-opus-4-1-v1:0', 15],
    ['claude-opus-4-5', 5],
    ['claude-opus-5', 5],
    ['claude-opus-5-5', 4],
    ['claude-haiku-4-5', 1],
    ['gpt-5', 1.25],
    ['gpt-5-codex', 1.25],
    ['gpt-5-mini-2025-08-07', 0.25],
    ['gpt-5.2-codex', 1.75],
    ['gemini-2.5-flash-lite', 0.1],
  ])('knows %s', (model, usd) => expect(million(model)).toBe(usd));

  test('counts a model that it does not know for the worst', () => expect(million('gpt-5-unheard-of')).toBe(1_000));
});
