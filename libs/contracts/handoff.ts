import * as z from 'zod';

/** planner → builder. A plan that exists before the run is handed over the same way. */
export const BuildHandoff = z.strictObject({
  task_id: z.string().min(1),
  plan_id: z.string().min(1),
  plan_summary: z.string().min(1).describe('a title with the number of steps, then the numbered step names'),
  learnings_loaded: z.array(z.string()),
  requirements_summary: z.strictObject({ scope_in: z.array(z.string()), scope_out: z.array(z.string()) }),
});
export type BuildHandoff = z.infer<typeof BuildHandoff>;
