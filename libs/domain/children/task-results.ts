import * as z from 'zod';
import type { Result } from '#contracts';
import type { Run } from '../run.ts';
import { completedChildren } from './family.ts';

/** What the runs of merged tasks did, summed. Told by the builder that merged them, as only their own logs have it. */
export const TaskResults = z.object({
  checks: z.strictObject({ passed: z.int(), failed: z.int() }),
  steps: z.strictObject({ completed: z.int(), skipped: z.int(), total: z.int() }),
  retries: z.int(),
});
export type TaskResults = z.infer<typeof TaskResults>;

const NONE: TaskResults = {
  checks: { passed: 0, failed: 0 },
  steps: { completed: 0, skipped: 0, total: 0 },
  retries: 0,
};

export const sumResults = (results: Iterable<TaskResults>): TaskResults => {
  let sum = NONE;
  for (const { checks, steps, retries } of results)
    sum = {
      checks: { passed: sum.checks.passed + checks.passed, failed: sum.checks.failed + checks.failed },
      steps: {
        completed: sum.steps.completed + steps.completed,
        skipped: sum.steps.skipped + steps.skipped,
        total: sum.steps.total + steps.total,
      },
      retries: sum.retries + retries,
    };
  return sum;
};

/** What was told about the tasks of a run; nothing for a run without any. */
export const resultsOfTasks = ({ children, invocations }: Run): TaskResults => {
  if (children.length === 0) return NONE;
  const told = TaskResults.safeParse(invocations.at(-1)?.output?.of_tasks);
  return told.success ? told.data : NONE;
};

/** `7 of 8 tasks`. */
export const tally = (run: Run): Result['tasks'] =>
  run.children.length === 0 ? null : { completed: completedChildren(run).length, total: run.children.length };
