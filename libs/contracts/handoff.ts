import * as z from 'zod';
import { Role } from './ids.ts';

const Said = z.string().trim().min(1);

/** planner → builder. A plan that exists before the run is handed over the same way. */
export const BuildHandoff = z.looseObject({
  task_id: Said,
  plan_id: Said,
  plan_summary: Said.describe('a title with the number of steps, then the numbered step names'),
  learnings_loaded: z.array(z.string()),
  requirements_summary: z.strictObject({ scope_in: z.array(z.string()), scope_out: z.array(z.string()) }),
});
export type BuildHandoff = z.infer<typeof BuildHandoff>;

/** builder → planner: why the plan has to be made anew. */
export const ReplanHandoff = z.looseObject({
  failure_reason: Said,
  completed_steps: z.array(z.string()).describe('their work is in the branch'),
  failed_step: Said.describe('a step, a gate, or what else failed'),
  error_details: Said,
  suggestion: Said,
});
export type ReplanHandoff = z.infer<typeof ReplanHandoff>;

/** What one agent tells the next. Fields beyond those that are needed are passed on as they are. */
export const HandoffContext = z.record(z.string(), z.unknown());
export type HandoffContext = z.infer<typeof HandoffContext>;

/** `studio handoff show`: what was handed over, oldest first, and what is held back because it is not complete. */
export const HandoffsDocument = z.strictObject({
  id: z.string(),
  handoffs: z.array(z.strictObject({ from: Role, to: Role, context: HandoffContext, time: z.string() })),
  incomplete: z
    .strictObject({ from: Role, to: Role, context: HandoffContext, missing: z.array(z.string()) })
    .nullable()
    .describe('the next handoff, and what it lacks'),
});
export type HandoffsDocument = z.infer<typeof HandoffsDocument>;
