import * as z from 'zod';
import { FileChange } from './checks.ts';
import { EngineChoice } from './engine-choice.ts';
import { CheckpointId, OrchestrationId, Role } from './ids.ts';
import { Plan } from './plan.ts';
import { OutcomeKind } from './state.ts';

/** `studio checkpoints`: every place that a run can go back to, oldest first. */
export const CheckpointsDocument = z.strictObject({
  id: OrchestrationId,
  version: z.int(),
  latest: CheckpointId.nullable().describe('where the run goes back to when none is named'),
  resumable: z.boolean().describe('false: it has completed, and stays as it is; it can be forked'),
  checkpoints: z.array(
    z.strictObject({
      id: CheckpointId,
      name: z.string(),
      after_agent: Role.nullable(),
      version: z.int(),
      commit: z.string().nullable().describe('its files; null: as they were before anything was done'),
      time: z.string(),
    }),
  ),
});
export type CheckpointsDocument = z.infer<typeof CheckpointsDocument>;

/** Where a fork parts from the other run, and what it does differently. What is left out stays as it was. */
export const ForkBody = z.strictObject({
  at: z
    .union([z.int().positive(), z.string().min(1).max(100)])
    .nullable()
    .default(null)
    .describe('a version, or the id or name of a checkpoint; null: the newest fact'),
  engine: EngineChoice.optional(),
  plan: Plan.optional().describe('done from its first step on, on top of the files that are there'),
  plan_source: z.string().min(1).max(500).optional().describe('where the plan was found'),
  answers: z.record(z.string(), z.string()).optional().describe('by id of the question'),
  budget_usd: z.number().positive().optional(),
  budget_tokens: z.int().positive().optional(),
  labels: z.record(z.string(), z.string()).optional().describe('added to those of the other run'),
});
export type ForkBody = z.infer<typeof ForkBody>;

/** A run that began as a copy of another one. */
export const ForkDocument = z.strictObject({
  id: OrchestrationId,
  from: OrchestrationId,
  version: z.int().positive().describe('the last fact that both have'),
  checkpoint: CheckpointId.nullable(),
  commit: z.string().nullable().describe('the files it goes on from; null: as they are in the workspace'),
});
export type ForkDocument = z.infer<typeof ForkDocument>;

const PlanNumber = z.coerce.number().int().positive();

/** Two runs, or two plans of one run. */
export const CompareQuery = z.strictObject({
  left: z.string().min(1).max(64),
  right: z.string().min(1).max(64).optional().describe('left out: another plan of the left one'),
  left_plan: PlanNumber.optional().describe('only while this plan was in force, counted from 1'),
  right_plan: PlanNumber.optional().describe('the same of the right one; give both or none'),
});
export type CompareQuery = z.infer<typeof CompareQuery>;

const ComparedSide = z.strictObject({
  id: OrchestrationId,
  plan: z.int().positive().nullable().describe('which plan of the run; null: all of it'),
  outcome: OutcomeKind.nullable(),
  commit: z.string().nullable().describe('its last verified commit'),
});

const ComparedFact = z.strictObject({ version: z.int(), type: z.string(), text: z.string() });

const ComparedWork = z.strictObject({
  version: z.int(),
  work: z.string().describe('the step, gate or task whose work it is'),
  commit: z.string(),
});

/** Where two runs part: the first fact of the one that the other does not have, and the first files. */
export const CompareDocument = z.strictObject({
  left: ComparedSide,
  right: ComparedSide,
  facts: z.strictObject({
    same: z.boolean().describe('ids, times and places aside'),
    shared: z.int().nonnegative().describe('facts that both have before they part'),
    left: ComparedFact.nullable().describe('null: it had ended'),
    right: ComparedFact.nullable(),
    difference: z
      .strictObject({ field: z.string(), left: z.unknown(), right: z.unknown() })
      .nullable()
      .describe('the first field that differs'),
  }),
  files: z.strictObject({
    same: z.boolean().nullable().describe('at the end; null: the files are not here'),
    why_not: z.string().nullable().describe('why nothing can be said of the files'),
    first: z
      .strictObject({
        left: ComparedWork.nullable(),
        right: ComparedWork.nullable(),
        changes: z.array(FileChange).describe('from left to right'),
      })
      .nullable()
      .describe('the first work whose files differ'),
    changes: z.array(FileChange).describe('from left to right, at the end'),
  }),
});
export type CompareDocument = z.infer<typeof CompareDocument>;
