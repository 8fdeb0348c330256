import * as z from 'zod';
import { Config } from './config/config.ts';
import { ContextPolicy, ContextPressure } from './context.ts';
import { Complexity, FailureCategory, Role, Workflow } from './ids.ts';
import { OutcomeKind } from './state.ts';

/**
 * What a backtest changes: sections of the configuration, and a routing table like `data/routing.yaml`. Whatever is not
 * named stays as each run recorded it.
 */
export const BacktestPolicy = z.strictObject({
  routing: Config.shape.routing.partial().optional(),
  recovery: Config.shape.recovery.partial().optional(),
  context: z
    .strictObject({
      pools: ContextPolicy.shape.pools.partial().optional(),
      total: ContextPolicy.shape.total.optional(),
    })
    .optional()
    .describe('a pool that is named needs both of its limits'),
  money: Config.shape.money
    .partial()
    .extend({
      goal_usd: z.number().positive().optional().describe('as if every goal had this budget'),
      goal_tokens: z.int().positive().optional().describe('the same of tokens'),
    })
    .optional(),
  routing_table: z.record(z.string(), z.unknown()).optional().describe('a whole table, as data/routing.yaml is one'),
});
export type BacktestPolicy = z.infer<typeof BacktestPolicy>;

const Route = z.strictObject({
  workflow: Workflow,
  complexity: Complexity,
  agents: z.array(Role),
  confidence: z.number(),
  asks: z.boolean().describe('a person has to confirm it'),
  signals: z.array(z.string()),
});

const Recovery = z.strictObject({
  action: z
    .enum(['retry', 'wait', 'replan', 'escalate', 'halt', 'go_on'])
    .describe('wait: a retry after a window, which is no try; go_on: a worker that died once more is replaced'),
  reason: z.string(),
  category: FailureCategory,
  hint: z.string().nullable(),
  not_before: z.string().nullable(),
});

const Context = z.strictObject({
  pressure: ContextPressure,
  optimises: z.boolean().describe('space is to be made before the agent goes on, as far as there is any to make'),
  over: z.array(z.string()).describe('pools, or total, that hold more than their hard limit: a person is asked'),
});

const change = {
  id: z.string(),
  version: z.int().describe('of the event that recorded the decision'),
  goal: z.string(),
  unknown: z
    .boolean()
    .describe('true: an earlier decision of this run is another under the policy, so this one may not have come about'),
};

/** A decision that is another under the policy, from the state that was recorded before it. */
export const BacktestChange = z.discriminatedUnion('what', [
  z.strictObject({
    ...change,
    what: z.literal('route'),
    recorded: Route,
    policy: Route,
    chosen: Workflow.nullable().describe('what a person took instead of the recorded one'),
  }),
  z.strictObject({
    ...change,
    what: z.literal('recovery'),
    error: z.string(),
    recorded: Recovery,
    policy: Recovery,
  }),
  z.strictObject({
    ...change,
    what: z.literal('context'),
    agent: Role,
    work: z.string(),
    tokens: z.int(),
    recorded: Context,
    policy: Context,
  }),
]);
export type BacktestChange = z.infer<typeof BacktestChange>;

/** A run that one of the two policies stops for a person, or for good, where the other goes on. */
const Stop = z.strictObject({
  id: z.string(),
  version: z.int(),
  goal: z.string(),
  recorded: z.string().describe('what was decided'),
  policy: z.string().describe('what would have been'),
  outcome: OutcomeKind.nullable().describe('how the run ended as it was recorded; null: it goes on'),
});
export type BacktestStop = z.infer<typeof Stop>;

/** `studio backtest`: what another policy would have decided over recorded runs. Nothing ran. */
export const BacktestDocument = z.strictObject({
  policy: z.strictObject({
    values: z.array(z.strictObject({ key: z.string(), value: z.unknown() })),
    routing_table: z.string().nullable().describe('hash of the table; null: each run keeps the one that it recorded'),
    not_judged: z.array(z.string()).describe('keys of the file that no decision here depends on'),
  }),
  runs: z.int(),
  events: z.int(),
  decisions: z.strictObject({
    judged: z.int(),
    changed: z.int(),
    unknown: z.int().describe('of those that changed: after another change of the same run'),
    drifted: z
      .array(z.strictObject({ id: z.string(), version: z.int() }))
      .describe("today's code decides these differently under the recorded policy too: not judged"),
  }),
  totals: z.array(
    z.strictObject({
      what: z.enum([
        'confirmations',
        'retries',
        'waits',
        'replans',
        'escalations',
        'halts',
        'context_warnings',
        'context_optimisations',
        'context_over_limit',
        'budget_waits',
      ]),
      recorded: z.int(),
      policy: z.int(),
      unknown: z.int().describe('of those under the policy: after a change of the same run'),
    }),
  ),
  workflows: z.array(z.strictObject({ workflow: Workflow, recorded: z.int(), policy: z.int() })),
  stops: z.strictObject({
    added: z.array(Stop).describe('only this policy stops them; wrongly, where the run then completed'),
    avoided: z.array(Stop).describe('they were stopped, and this policy goes on'),
  }),
  reclassified: z.array(
    z.strictObject({
      from: FailureCategory,
      to: FailureCategory,
      pattern: z.string().nullable(),
      errors: z.int(),
      example: z.string(),
      runs: z.array(z.string()).describe('at most 10 of them'),
    }),
  ),
  changes: z.array(BacktestChange),
  unreadable: z.array(z.strictObject({ id: z.string(), problem: z.string() })),
});
export type BacktestDocument = z.infer<typeof BacktestDocument>;
