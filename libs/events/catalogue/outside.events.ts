import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { Decided } from './routing.events.ts';

/** Whatever name the agent has where it runs. */
const Agent = z.string().min(1).max(64);
const Document = z.record(z.string(), z.unknown());

/** Facts of a run whose agents somebody else drives: told, not checked. */
export const outsideEvents = [
  defineEvent('outside.routed', 1, Decided.extend({ goal: z.string().min(1) })),
  defineEvent('outside.started', 1, z.strictObject({ agent: Agent, input: Document })),
  defineEvent('outside.completed', 1, z.strictObject({ agent: Agent, output: Document })),
  defineEvent(
    'outside.failed',
    1,
    z.strictObject({ agent: Agent, error: z.string(), action: z.enum(['retry', 'replan', 'escalate']) }),
  ),
  defineEvent('outside.handed_over', 1, z.strictObject({ from: Agent, to: Agent, context: Document })),
] as const;
