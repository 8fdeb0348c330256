import * as z from 'zod';

const Hook = z
  .union(
    [
      z.literal(false),
      z
        .strictObject({
          command: z.string().min(1).optional().describe('shell command; the event comes on its stdin as JSON'),
          url: z
            .url({ protocol: /^https?$/ })
            .optional()
            .describe('gets the event as a signed POST'),
        })
        .refine(({ command, url }) => command !== undefined || url !== undefined, {
          error: 'name a command, a url, or both',
        }),
    ],
    { error: 'expected false, or a command, a url, or both' },
  )
  .describe('false tells nobody');

export const Hooks = z.strictObject({
  completed: Hook.describe('told when a run has completed; false tells nobody'),
  waiting: Hook.describe('told when a run, or a task of one, waits for a person'),
  failed: Hook.describe('told when a run has failed, was halted or aborted'),
  timeout_s: z.number().positive().max(600).describe('seconds after which one try is ended'),
  tries: z.int().min(1).max(100).describe('tries, ever further apart up to 5 minutes, before a notice is given up'),
});
