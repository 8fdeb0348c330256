import { z } from 'zod';

/** What a call is billed with. The defaults are what a script need not say. */
export const Tokens = z.strictObject({
  /** Neither read from a cache nor written to one. */
  uncached: z.int().nonnegative().default(1_000),
  cached: z.int().nonnegative().default(200),
  written: z.int().nonnegative().default(0),
  output: z.int().nonnegative().default(50),
});
export type Tokens = z.infer<typeof Tokens>;

/** A call of a tool. All but `tool` are made for whatever tool of the client does that. Paths are relative. */
export const Call = z.union([
  z.strictObject({ write: z.strictObject({ path: z.string(), content: z.string() }) }),
  z.strictObject({ edit: z.strictObject({ path: z.string(), find: z.string(), replace: z.string() }) }),
  z.strictObject({ read: z.string() }),
  z.strictObject({ shell: z.string() }),
  z.strictObject({ tool: z.string(), input: z.record(z.string(), z.unknown()) }),
]);
export type Call = z.infer<typeof Call>;

/**
 * - `status`: an error of the provider, in the words of its protocol: 401, 429 (with `retryAfterS`), 500, 529 …
 * - `quota`: the account is empty: no wait helps. Its status is 429 at OpenAI and 400 at Anthropic.
 * - `drop`: the connection breaks in the middle of the answer.
 * - `malformed`: an answer that is no JSON, with status 200.
 * - `silence`: nothing is answered until the client gives up; `after: 'begun'` first sends the beginning of a stream.
 */
export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: z.int(), retryAfterS: z.number().optional() }),
  z.strictObject({ kind: z.literal('quota') }),
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('malformed') }),
  z.strictObject({ kind: z.literal('silence'), after: z.enum(['nothing', 'begun']).default('nothing') }),
]);
export type Fault = z.input<typeof Fault>;

/** One answer of the model. */
export const Step = z.strictObject({
  /** Text, before the calls where there are some. */
  say: z.string().optional(),
  /** In the same answer, side by side. */
  calls: z.array(Call).optional(),
  /** A document: by the tool that the client wants it from, else as text. It need not match the client's schema. */
  json: z.unknown().optional(),
  /** The provider's own way to say no. */
  refuse: z.string().optional(),
  /** Ends in the middle for want of output tokens. */
  cut: z.boolean().optional(),
  tokens: Tokens.partial().optional(),
  /** At every request that reaches this step; a fault that happens once goes to `faults`. */
  fault: Fault.optional(),
});
export type Step = z.input<typeof Step>;

/** What is answered from one message of a person to the next. */
const Turn = z.strictObject({
  /** A regular expression for the message; without one the turn fits every message. The first that fits counts. */
  when: z.string().optional(),
  /** One an answer; the last one stays. */
  steps: z.array(Step).min(1),
});

export const Scenario = z.strictObject({
  turns: z.array(Turn).min(1),
  /** Each happens once, in this order, before the script goes on; `null` lets a request through. */
  faults: z.array(Fault.nullable()).default([]),
  tokens: Tokens.partial().optional(),
  /** Streams send their pieces this far apart. */
  pieceEveryMs: z.int().positive().optional(),
});
export type Scenario = z.input<typeof Scenario>;
export type ParsedScenario = z.output<typeof Scenario>;

/** A scenario of one turn. */
export const script = (...steps: readonly Step[]): Scenario => ({ turns: [{ steps: [...steps] }] });
