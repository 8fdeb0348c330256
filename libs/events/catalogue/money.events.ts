import * as z from 'zod';
import { CostBasis, Role } from '#contracts';
import { defineEvent } from '../define-event.ts';

const Tokens = z.int().nonnegative();
const Usd = z.number().nonnegative();
/** US dollars, or tokens: the account says which. */
const Amount = z.number().nonnegative();

/** Facts about what engines cost. */
export const moneyEvents = [
  /** Also told after the lease has ended, and after the run has: what was paid was paid. */
  defineEvent(
    'usage.recorded',
    1,
    z.strictObject({
      lease: z.int().positive(),
      number: z.int().positive().describe('of this lease: an amount with a number seen before changes nothing'),
      role: Role,
      work: z.string().describe('plan, a step, a gate'),
      engine: z.string(),
      provider: z.string().nullable(),
      model: z.string().nullable(),
      inputTokens: Tokens.describe('with what was read from a cache, and written to one'),
      cachedTokens: Tokens,
      cacheWriteTokens: Tokens,
      outputTokens: Tokens,
      costUsd: Usd,
      basis: CostBasis,
      day: z.iso.date().describe('of the budget of a day that it counts for'),
    }),
  ),
  defineEvent(
    'budget.exceeded',
    1,
    z.strictObject({
      scope: z
        .enum(['goal', 'tokens', 'day', 'label'])
        .describe('tokens: those of the goal; all others are of dollars'),
      account: z.string().describe('goal:<orchestration>, tokens:<orchestration>, day:2026-02-02, label:team=web'),
      limit: Amount,
      spent: Amount,
      until: z.iso.datetime().nullable().describe('when there is another budget by itself: the next day'),
    }),
  ),
  /** By a person, who is the actor. Holds for this run; of a goal, for its tasks too. */
  defineEvent('budget.raised', 1, z.strictObject({ account: z.string(), limit: Amount })),
] as const;
