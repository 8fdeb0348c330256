import * as z from 'zod';
import { Commit, OrchestrationId, Plan, Role, Task, TaskId, Trigger, Workflow } from '#contracts';
import { defineEvent } from '../define-event.ts';

/** The numbers a run was started under. Frozen into the run, so that a later change of configuration never moves it. */
export const Policy = z.strictObject({
  hash: z.string().describe('names the routing and recovery data that decided; kept by the log under this hash'),
  stepTries: z.int().positive(),
  gateTries: z.int().positive(),
  leasesPerAttempt: z.int().positive(),
  checkpointEvery: z.int().positive(),
  confirmThreshold: z.number().min(0).max(1),
  replans: z.int().nonnegative().describe('plans that may be made anew after a failure'),
  repeats: z.int().nonnegative().describe('the same failure without progress so often is a loop; 0: never'),
  questionRounds: z.int().min(0).max(5),
  readiness: z.number().min(0).max(1).describe('from here on the planner asks no more'),
  questionMs: z.int().nonnegative().describe('after this long a question of the planner takes its default'),
  decisionMs: z.int().nonnegative().describe('after this long a decision that nobody made ends the run; 0: never'),
  childrenAtOnce: z
    .int()
    .nonnegative()
    .describe('tasks of one goal that run at once; 0: a run of before there were any'),
});
export type Policy = z.infer<typeof Policy>;

export const lifecycleEvents = [
  defineEvent(
    'goal.submitted',
    4,
    z.strictObject({
      goal: z.string(),
      mode: z.enum(['implicit', 'explicit']),
      confirm: z.boolean(),
      trigger: Trigger,
      workspace: z.string().nullable(),
      includeDirty: z.boolean(),
      workflow: Workflow.nullable(),
      tasks: z.array(Task),
      sequential: z.boolean(),
      specification: z.string().nullable(),
      plan: Plan.nullable(),
      planSource: z.string().nullable(),
      answers: z.record(z.string(), z.string()),
      attended: z.boolean().describe('somebody can answer questions'),
      engine: z.string().nullable(),
      checks: z.array(z.string()),
      priority: z.int().min(1).max(5),
      labels: z.record(z.string(), z.string()),
      budgetUsd: z.number().positive().nullable(),
      budgetTokens: z.int().positive().nullable(),
      backlog: z.string().nullable(),
      driver: z.enum(['studio', 'outside']),
      parent: z
        .strictObject({ orchestration: OrchestrationId, task: TaskId })
        .nullable()
        .describe('the run whose task this is'),
      bases: z.array(Commit).describe('commits that it builds on, merged in this order; none: HEAD'),
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
    'handoff.completed',
    1,
    z
      .strictObject({ from: Role, to: Role, context: z.record(z.string(), z.unknown()) })
      .describe('by hand: the fields that were missing'),
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
