import * as z from 'zod';
import { Role } from './ids.ts';

const Tokens = z.int().nonnegative();
const Usd = z.number().nonnegative();

/** How the price of an amount is known: said by who was paid, from the list of prices, or the worst case. */
export const CostBasis = z.enum(['reported', 'priced', 'unknown']);
export type CostBasis = z.infer<typeof CostBasis>;

/** What calls of models used and cost. */
export const Spent = z.strictObject({
  usd: Usd,
  input_tokens: Tokens.describe('with what was read from a cache, and written to one'),
  cached_tokens: Tokens,
  cache_write_tokens: Tokens,
  output_tokens: Tokens,
});
export type Spent = z.infer<typeof Spent>;

/** The same of one engine and model. */
export const SpentBy = z.strictObject({
  agent: Role,
  engine: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  basis: CostBasis.describe('unknown: no price is known; counted as prices.unknown of the configuration'),
  amounts: z.int().positive().describe('so many amounts were reported'),
  ...Spent.shape,
});
export type SpentBy = z.infer<typeof SpentBy>;

/** A budget that a run spends from. */
export const BudgetState = z.strictObject({
  account: z.string().describe('goal:<orchestration>, tokens:<orchestration>, day:2026-02-02, label:team=web'),
  unit: z.enum(['usd', 'tokens']),
  limit: z.number().nonnegative().describe('for this run: a person may have raised it'),
  spent: z.number().nonnegative().describe('by all runs that share it'),
  held: z.number().nonnegative().describe('held back for calls that are under way or about to begin'),
});
export type BudgetState = z.infer<typeof BudgetState>;

/** What a run cost so far. Going back to a checkpoint takes nothing of it away. */
export const SpendState = z.strictObject({
  ...Spent.shape,
  by: z.array(SpentBy).describe('what the calls of this run cost, by engine and model'),
  tasks: Spent.describe('of the total: what its tasks cost that have ended, or of all where that is said'),
  budget_usd: Usd.nullable().describe('what the goal may cost, with its tasks; null: no limit of its own'),
  budget_tokens: Tokens.optional().describe('what models may read and write for it; only where there is such a limit'),
  before_fork: Spent.optional().describe('only of a fork: what the run that it comes from had cost; not in the total'),
});
export type SpendState = z.infer<typeof SpendState>;
