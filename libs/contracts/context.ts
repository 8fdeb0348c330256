import * as z from 'zod';
import { Role } from './ids.ts';
import { BudgetState, SpendState } from './spend.ts';

/** What the words that an agent is given to read are counted under. */
export const ContextPool = z.enum(['reserved', 'learnings', 'backlog', 'plans', 'context7', 'working']);
export type ContextPool = z.infer<typeof ContextPool>;

const Tokens = z.int().nonnegative();

/** In tokens. Pressure is measured against `soft`; more than `hard` is never given. */
export const ContextLimits = z.strictObject({ soft: Tokens, hard: Tokens });
export type ContextLimits = z.infer<typeof ContextLimits>;

export const ContextPressure = z.enum(['normal', 'warning', 'critical']);
export type ContextPressure = z.infer<typeof ContextPressure>;

const PoolLimits = z
  .strictObject({ soft: Tokens.describe('tokens that pressure is measured against'), hard: Tokens })
  .refine(({ soft, hard }) => soft <= hard, { error: 'the soft limit is above the hard one' })
  .describe('hard: tokens that are never exceeded');

/** The limits that a budget is judged by: section `context` of the configuration. */
export const ContextPolicy = z.strictObject({
  pools: z.strictObject({
    reserved: PoolLimits.describe("the role's own instructions and schemas"),
    learnings: PoolLimits.describe('what earlier runs found out'),
    backlog: PoolLimits.describe('the backlog as agents see it'),
    plans: PoolLimits.describe('the plan that is carried out'),
    context7: PoolLimits.describe('documentation of libraries'),
    working: PoolLimits.describe('goal, handoff, step, errors and output'),
  } satisfies Record<ContextPool, z.ZodType>),
  total: PoolLimits.describe('all pools together'),
});
export type ContextPolicy = z.infer<typeof ContextPolicy>;

const PoolState = z.strictObject({
  used: Tokens,
  ...ContextLimits.shape,
  status: z.enum(['OK', 'WARNING', 'EXCEEDED']).describe('EXCEEDED: more than the soft limit'),
});

/** The pools as the newest call of an agent filled them. */
export const ContextBudget = z.strictObject({
  total_allocated: Tokens.describe('the soft limit of all pools together'),
  pools: z.array(z.strictObject({ pool: ContextPool, ...PoolState.shape })),
  total: z.strictObject({ ...PoolState.shape, percent: z.int().nonnegative() }),
  pressure_level: ContextPressure,
  optimization_triggered: z.boolean(),
});
export type ContextBudget = z.infer<typeof ContextBudget>;

/** A text that an agent was given. */
export const ContextPiece = z.strictObject({
  hash: z.string().describe('SHA-256 of the text, its first 16 digits'),
  source: z.string().describe('goal, handoff, learnings/testing.md, plan.json'),
  pool: ContextPool,
  tokens: Tokens,
});
export type ContextPiece = z.infer<typeof ContextPiece>;

const GivenCall = z.strictObject({
  agent: Role,
  work: z.string().describe('plan, a step, a gate'),
  tokens: Tokens,
  pieces: z.array(ContextPiece),
});

/** `studio budget`: the pools, everything that the agents of a run were given, oldest first, and what that cost. */
export const BudgetDocument = z.strictObject({
  id: z.string().nullable().describe('null: the limits that a new run would have'),
  ...ContextBudget.shape,
  counted_tokens: Tokens.describe('all that was given, as Studio counts it before a call'),
  budgets: z.array(BudgetState).describe('that the run spends from'),
  spend: SpendState.nullable().describe('with tasks that have not ended; null: the limits of a new run'),
  given: z.array(GivenCall),
  refused: GivenCall.extend({ problem: z.string() })
    .nullable()
    .describe('the newest call, where it is more than an agent may be given: the pools are as it would fill them'),
  optimised: z.array(
    z.strictObject({
      actions: z.array(z.strictObject({ action: z.string(), pool: ContextPool, freed: Tokens })),
      before: Tokens,
      after: Tokens,
    }),
  ),
});
export type BudgetDocument = z.infer<typeof BudgetDocument>;

/** What a learning is about. */
export const LearningDomain = z
  .string()
  .max(100)
  .regex(/^(?:global|frontend|backend|testing|security|performance|integration:[a-z0-9][a-z0-9._-]*)$/, {
    error: 'a domain is global, frontend, backend, testing, security, performance or integration:<name>',
  });

/** What a run found out that the next one should know. */
export const Learning = z.strictObject({
  domain: LearningDomain,
  text: z.string().min(1).max(2_000),
  time: z.string().describe('when it was found out, ISO 8601; its first ten characters are the day'),
  orchestration: z.string().nullable().describe('the run that found it out; null: a person wrote it down'),
});
export type Learning = z.infer<typeof Learning>;

/** Which learnings are meant. */
export const LearningsQuery = z.strictObject({
  workspace: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe(
      'of this folder: what its files say, and where it has none, what the log knows; of this git URL: what the log knows; default: of all',
    ),
  domain: LearningDomain.optional(),
});
export type LearningsQuery = z.infer<typeof LearningsQuery>;

/** `studio learnings`: newest first. */
export const LearningsDocument = z.strictObject({
  learnings: z.array(z.strictObject({ ...Learning.shape, tier: z.int().min(1).max(3) })),
});
export type LearningsDocument = z.infer<typeof LearningsDocument>;
