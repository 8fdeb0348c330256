import * as z from 'zod';
import { CheckpointId, OrchestrationId, Plan } from '#contracts';
import { defineEvent } from '../define-event.ts';

/** What a fork does differently from the run it comes from. A field that is left out stays as it was. */
export const ForkChanges = z.strictObject({
  engine: z.string().optional(),
  plan: Plan.optional(),
  planSource: z.string().optional(),
  answers: z.record(z.string(), z.string()).optional(),
  budgetUsd: z.number().positive().optional(),
  budgetTokens: z.int().positive().optional(),
  labels: z.record(z.string(), z.string()).optional().describe('added to those of the other run'),
});
export type ForkChanges = z.infer<typeof ForkChanges>;

/** Facts about going back: in the same run, or into another one. */
export const historyEvents = [
  defineEvent(
    'orchestration.resumed',
    1,
    z.strictObject({ checkpoint: CheckpointId, version: z.int().positive().describe('of the checkpoint') }),
  ),
  /** Follows a copy of all events of another run up to `version`: from here on the two have nothing in common. */
  defineEvent(
    'orchestration.forked',
    3,
    z.strictObject({
      from: OrchestrationId,
      version: z.int().positive(),
      headHash: z.string(),
      checkpoint: CheckpointId.nullable(),
      changes: ForkChanges,
    }),
  ),
] as const;
