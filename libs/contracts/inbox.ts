import * as z from 'zod';
import { Assignment } from './assignment.ts';
import { Interaction } from './state.ts';

const parent = z
  .strictObject({ orchestration: z.string(), task: z.string() })
  .nullable()
  .describe('the run whose task this is');

/** What `studio inbox` shows: everything that waits for a person, over all runs, the oldest deadline first. */
export const InboxDocument = z.strictObject({
  waiting: z.array(
    z.strictObject({
      orchestration: z.string(),
      goal: z.string().describe('its first 200 characters'),
      parent,
      open: z.int().positive().describe('questions that this run asks now; of several an answer has to name one'),
      interaction: Interaction,
    }),
  ),
  work: z
    .array(
      z.strictObject({
        orchestration: z.string(),
        goal: z.string().describe('its first 200 characters'),
        parent,
        assignment: Assignment,
      }),
    )
    .describe('what is to be done by hand, taken or not'),
});
export type InboxDocument = z.infer<typeof InboxDocument>;

/** What became of a command to every run. */
export const EveryRunDocument = z.strictObject({
  command: z.enum(['pause', 'resume']),
  done: z.array(z.string()),
  refused: z.array(z.strictObject({ id: z.string(), problem: z.string() })),
});
export type EveryRunDocument = z.infer<typeof EveryRunDocument>;
