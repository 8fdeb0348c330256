import * as z from 'zod';
import { InteractionId, InteractionOption } from '#contracts';
import { defineEvent } from '../define-event.ts';

export const interactionEvents = [
  defineEvent(
    'interaction.opened',
    1,
    z.strictObject({
      interaction: InteractionId,
      kind: z.enum(['route', 'escalation']),
      prompt: z.string(),
      options: z.array(InteractionOption),
      deadline: z.iso.datetime().nullable(),
    }),
  ),
  defineEvent(
    'interaction.closed',
    1,
    z.strictObject({
      interaction: InteractionId,
      outcome: z.enum(['answered', 'declined', 'expired', 'withdrawn', 'superseded']),
      answer: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
] as const;
