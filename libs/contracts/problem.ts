import * as z from 'zod';

/** Problem details (RFC 9457), and the `--json` form of every error of the CLI. */
export const Problem = z.strictObject({
  type: z.string().describe('where this code is documented'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('stable; match on this'),
  detail: z.string(),
  remedy: z.enum(['change', 'retry', 'reload', 'none']),
  problems: z.array(z.string()).optional(),
});
export type Problem = z.infer<typeof Problem>;
