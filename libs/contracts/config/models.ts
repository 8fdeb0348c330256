import * as z from 'zod';

const Seconds = z.number().positive().max(86_400);

const ModelLimits = z.strictObject({
  steps: z.int().min(1).max(10_000).default(100).describe('calls of the model for one request'),
  tokens: z
    .int()
    .min(1_000)
    .default(5_000_000)
    .describe('input and output tokens of all calls of one request, what a cache gave included'),
  context_tokens: z
    .int()
    .min(1_000)
    .default(100_000)
    .describe('input tokens of a call from which on old output of tools is left out of the next'),
  output_tokens: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('output tokens of one call; null: as the provider has it, 32,000 for anthropic'),
  call_s: Seconds.default(900).describe('seconds after which one call is given up'),
  silence_s: z
    .number()
    .positive()
    .max(300)
    .default(120)
    .describe('seconds without a byte from the provider after which a call is given up, and tried again'),
});

/** A model behind an API. Its key is named here and never written here. */
export const ModelEngine = z
  .strictObject({
    provider: z
      .enum(['anthropic', 'openai', 'openai-compatible'])
      .describe('openai: the Responses API; openai-compatible: chat completions, as most other servers speak it'),
    model: z.string().min(1).max(200).describe('as the provider names it'),
    base_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('default: the own one of the provider; openai-compatible has none'),
    api_key_env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable' })
      .optional()
      .describe('variable with the key; default: ANTHROPIC_API_KEY, OPENAI_API_KEY, or no key for openai-compatible'),
    can: z
      .array(z.enum(['plan', 'work', 'decompose']))
      .min(1)
      .default(['plan', 'work', 'decompose'])
      .describe('what it is asked to do'),
    timeout_s: Seconds.default(1_800).describe('seconds after which one request is ended'),
    limits: ModelLimits.prefault({}).describe('of one request'),
  })
  .refine(({ provider, base_url }) => provider !== 'openai-compatible' || base_url !== undefined, {
    error: 'openai-compatible needs a base_url',
    path: ['base_url'],
  });
export type ModelEngine = z.infer<typeof ModelEngine>;
