import * as z from 'zod';
import { Goal } from './goal.ts';
import { Workflow } from './ids.ts';
import { MAX_ERROR_CHARACTERS } from './limits.ts';

/** Whatever an agent is called where it runs. */
const AgentName = z.string().min(1).max(64);
const Document = z.record(z.string(), z.unknown());

const OutsideAction = z.enum(['retry', 'replan', 'escalate']);

/** The part of the state document that only a run has whose agents somebody else drives: told, not checked. */
export const OutsideState = z.strictObject({
  routed_goal: z.string().nullable().describe('whose route was taken later, and is shown as routing'),
  agents: z
    .array(
      z.strictObject({
        agent: AgentName,
        status: z.enum(['active', 'completed', 'failed']),
        started_at: z.string(),
        completed_at: z.string().nullable(),
        input: Document,
        output: Document.nullable(),
        error: z.string().nullable(),
      }),
    )
    .describe('one for each start'),
  failures: z.array(
    z.strictObject({ time: z.string(), agent: AgentName, error: z.string(), recovery_action: OutsideAction }),
  ),
  handoffs: z.array(z.strictObject({ time: z.string(), from: AgentName, to: AgentName, context: Document })),
});
export type OutsideState = z.infer<typeof OutsideState>;

/** What to do about the failures of an agent that somebody else drives. */
export const OutsideRecovery = z.strictObject({
  action: OutsideAction,
  reason: z.string(),
  failure_count: z.int().nonnegative(),
  thresholds: z.strictObject({
    retry_max: z.int().describe('below it: retry'),
    replan_max: z.int().describe('below it: replan; from it on: escalate'),
  }),
});
export type OutsideRecovery = z.infer<typeof OutsideRecovery>;

/** What whoever drives the agents of a run may tell it. */
export const outsideCommands = [
  z.strictObject({ command: z.literal('outside_start'), agent: AgentName, input: Document.default({}) }),
  z.strictObject({ command: z.literal('outside_complete'), agent: AgentName, output: Document.default({}) }),
  z.strictObject({
    command: z.literal('outside_fail'),
    agent: AgentName,
    error: z.string().min(1).max(MAX_ERROR_CHARACTERS),
  }),
  z.strictObject({
    command: z.literal('outside_hand_over'),
    from: AgentName,
    to: AgentName,
    context: Document.default({}),
  }),
  z
    .strictObject({
      command: z.literal('outside_route'),
      goal: Goal.shape.goal.optional().describe('whose route is taken; default: that of the run'),
      workflow: Workflow.optional().describe('skips routing'),
    })
    .describe('another route than the one decided'),
  z.strictObject({ command: z.literal('outside_end') }),
] as const;
