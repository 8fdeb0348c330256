import * as z from 'zod';
import { Complexity, Role, Workflow } from '#contracts';
import { defineEvent } from '../define-event.ts';

/** A word of the goal that pointed somewhere, and the part it plays in the sentence. */
export const Signal = z.strictObject({
  word: z.string(),
  role: z.enum(['verb', 'object', 'scope', 'given', 'default']),
  pointsTo: Workflow,
});
export type Signal = z.infer<typeof Signal>;

export const Decided = z.strictObject({
  workflow: Workflow,
  complexity: Complexity,
  agents: z.array(Role),
  confidence: z.number().min(0).max(1),
  signals: z.array(Signal),
  skills: z.array(z.string()).max(4),
  policyHash: z.string(),
});

export const routingEvents = [
  defineEvent('route.decided', 1, Decided),
  defineEvent('route.overridden', 1, z.strictObject({ workflow: Workflow, agents: z.array(Role) })),
] as const;
