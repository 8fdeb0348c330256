import * as z from 'zod';
import { Plan } from './plan.ts';

/** What the end of one task means for another that depends on it. */
export const EdgePolicy = z
  .enum(['all', 'ignore_failed', 'fail_fast'])
  .describe(
    'all: runs when it completed, else is skipped; ignore_failed: runs when it ended; fail_fast: when it failed, everything ends',
  );
export type EdgePolicy = z.infer<typeof EdgePolicy>;

export const TaskId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/, {
  error: 'a task id has 1 to 32 letters, digits, ".", "_" or "-"',
});

const Text = z.string().trim().min(1).max(16_000);
const Edge = z.strictObject({ task: TaskId, policy: EdgePolicy });
const Checks = z.array(z.string().min(1).max(2_000)).max(50).describe('commands that must pass at its end');
const Files = z.array(z.string().min(1).max(1_024)).max(200);

/** One of several tasks of a goal, as a run records it: with an id, and nothing left to defaults. */
export const Task = z.strictObject({
  id: TaskId,
  goal: Text,
  depends_on: z.array(Edge),
  files: Files.describe('globs of the files that it changes; two tasks that share one do not run at once'),
  checks: Checks.optional(),
  plan: Plan.nullable(),
});
export type Task = z.infer<typeof Task>;

/** A task as a producer writes it: its text alone, or with what matters. Ids that are left out are T1, T2, … by position. */
export const TaskInput = z.union([
  Text,
  z.strictObject({
    id: TaskId.optional(),
    goal: Text,
    depends_on: z
      .array(z.union([TaskId, Edge]))
      .max(200)
      .optional(),
    files: Files.optional(),
    checks: Checks.optional(),
    plan: Plan.optional(),
  }),
]);
export type TaskInput = z.infer<typeof TaskInput>;
