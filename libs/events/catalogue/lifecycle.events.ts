import * as z from 'zod';
import { Plan, Role, Trigger, Workflow } from '#contracts';
import { defineEvent } from '../define-event.ts';

/** The numbers a run was started under. Frozen into the run, so that a later change of configuration never moves it. */
export const Policy = z.strictObject({
  hash: z.string().describe('names the routing and recovery data that decided; kept by the log under this hash'),
  stepTries: z.int().positive(),
  gateTries: z.int().positive(),
  leasesPerAttempt: z.int().positive(),
  checkpointEvery: z.int().positive(),
  confirmThreshold: z.number().min(0).max(1),
});
export type Policy = z.infer<typeof Policy>;

export const lifecycleEvents = [
  defineEvent(
    'goal.submitted',
    1,
    z.strictObject({
      goal: z.string(),
      mode: z.enum(['implicit', 'explicit']),
      confirm: z.boolean(),
      trigger: Trigger,
      workspace: z.string().nullable(),
      includeDirty: z.boolean(),
      workflow: Workflow.nullable(),
      tasks: z.array(z.string()),
      plan: Plan.nullable(),
      planSource: z.string().nullable(),
      engine: z.string().nullable(),
      checks: z.array(z.string()),
      priority: z.int().min(1).max(5),
      labels: z.record(z.string(), z.string()),
      policy: Policy,
    }),
  ),
  defineEvent('orchestration.paused', 1, z.strictObject({ reason: z.string().nullable() })),
  defineEvent('orchestration.continued', 1, z.strictObject({})),
  defineEvent('orchestration.completed', 1, z.strictObject({ commit: z.string().nullable() })),
  defineEvent('orchestration.halted', 1, z.strictObject({ reason: z.string() })),
  defineEvent('orchestration.failed', 1, z.strictObject({ reason: z.string() })),
  defineEvent('orchestration.aborted', 1, z.strictObject({ reason: z.string().nullable() })),
  defineEvent(
    'handoff.recorded',
    1,
    z.strictObject({ from: Role, to: Role, context: z.record(z.string(), z.unknown()) }),
  ),
  defineEvent(
    'checkpoint.saved',
    1,
    z.strictObject({
      checkpoint: z.string(),
      name: z.string(),
      afterAgent: Role.nullable(),
      commit: z.string().nullable(),
    }),
  ),
  defineEvent('branch.applied', 1, z.strictObject({ branch: z.string(), commit: z.string(), into: z.string() })),
  defineEvent('branch.discarded', 1, z.strictObject({ branch: z.string() })),
] as const;
