import * as z from 'zod';
import { InteractionId, InteractionOption } from '#contracts';
import { defineEvent } from '../define-event.ts';
import { reported } from './agent.events.ts';

export const interactionEvents = [
  defineEvent(
    'interaction.opened',
    3,
    z.strictObject({
      interaction: InteractionId,
      kind: z.enum(['route', 'escalation', 'question', 'map', 'permission', 'budget']),
      prompt: z.string(),
      options: z.array(InteractionOption),
      deadline: z.iso.datetime().nullable(),
      default: z.string().nullable(),
      round: z.int().positive().nullable(),
      focus: z.string().nullable(),
      about: z.string().nullable(),
    }),
  ),
  defineEvent(
    'interaction.closed',
    2,
    z.strictObject({
      interaction: InteractionId,
      outcome: z.enum(['answered', 'declined', 'expired', 'withdrawn', 'superseded']),
      answer: z.string().nullable(),
      note: z.string().nullable(),
      assumed: z
        .boolean()
        .describe('nobody answered in time, or nobody was there: the default stands as an assumption'),
    }),
  ),
  defineEvent(
    'questions.raised',
    1,
    z.strictObject({
      ...reported,
      round: z.int().min(1).max(5),
      focus: z.string(),
      readiness: z.number().min(0).max(1).describe('how ready the planner is to plan, before the answers'),
      questions: z
        .array(
          z.strictObject({
            id: z.string().min(1).max(100),
            question: z.string().min(1),
            options: z.array(z.string()),
            default: z.string(),
          }),
        )
        .min(1)
        .max(20),
    }),
  ),
] as const;
