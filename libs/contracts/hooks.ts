import * as z from 'zod';
import { Assignment } from './assignment.ts';
import { Interaction, StateDocument } from './state.ts';

export const HookName = z.enum(['completed', 'waiting', 'failed']);
export type HookName = z.infer<typeof HookName>;

/** `data` of the CloudEvent that a hook gets. */
export const HookData = z.strictObject({
  hook: HookName,
  orchestration: z.string(),
  goal: z.string(),
  labels: z.record(z.string(), z.string()),
  workspace: z.string().nullable(),
  parent: StateDocument.shape.parent,
  outcome: StateDocument.shape.outcome.describe('null: it waits for a person'),
  interaction: Interaction.nullable().describe('what waits to be answered, or null'),
  assignment: Assignment.nullable().describe('what waits to be done by hand, or null'),
});
export type HookData = z.infer<typeof HookData>;
