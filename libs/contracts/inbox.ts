import * as z from 'zod';
import { Interaction } from './state.ts';

/** What `studio inbox` shows: everything that waits for a person, over all runs, the oldest deadline first. */
export const InboxDocument = z.strictObject({
  waiting: z.array(
    z.strictObject({
      orchestration: z.string(),
      goal: z.string().describe('its first 200 characters'),
      parent: z
        .strictObject({ orchestration: z.string(), task: z.string() })
        .nullable()
        .describe('the run whose task this is'),
      open: z.int().positive().describe('questions that this run asks now; of several an answer has to name one'),
      interaction: Interaction,
    }),
  ),
});
export type InboxDocument = z.infer<typeof InboxDocument>;

/** What became of a command to every run. */
export const EveryRunDocument = z.strictObject({
  command: z.enum(['pause', 'resume']),
  done: z.array(z.string()),
  refused: z.array(z.strictObject({ id: z.string(), problem: z.string() })),
});
export type EveryRunDocument = z.infer<typeof EveryRunDocument>;
