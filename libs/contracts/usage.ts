import * as z from 'zod';

const Tokens = z.int().nonnegative();

/**
 * What calls of a model used. Agents count differently; here what was read from a cache or written to one is a part of
 * `input_tokens`, and `output_tokens` holds all that was written, thoughts too.
 */
export const Usage = z.strictObject({
  provider: z.string().max(100).nullable().default(null).describe('anthropic, openai, …'),
  model: z.string().max(200).nullable().default(null),
  input_tokens: Tokens,
  cached_tokens: Tokens.default(0).describe('of the input: read from a cache'),
  cache_write_tokens: Tokens.default(0).describe('of the input: written to a cache'),
  output_tokens: Tokens,
  cost_usd: z
    .number()
    .nonnegative()
    .nullable()
    .default(null)
    .describe('as the provider or the agent says; null: priced from the tokens'),
});
export type Usage = z.infer<typeof Usage>;
