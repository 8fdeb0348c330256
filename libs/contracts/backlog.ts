import * as z from 'zod';
import { EngineChoice } from './engine-choice.ts';
import { Goal } from './goal.ts';
import { OrchestrationId } from './ids.ts';
import { MapEpic, MapFeature, MapTask, MapTaskId, ProjectMap, TaskChanges, TaskDraft } from './project-map.ts';

/** One backlog a workspace: the name is made of its path. */
export const BacklogId = z.string().regex(/^backlog_[0-9a-f]{12}$/);

/** `open` waits to be chosen, `taken` is promised to a run that has not begun it. */
export const TaskStatus = z.enum(['open', 'taken', 'running', 'done', 'failed']);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** A task as it goes out: its plan can be long, so only whether there is one is told. */
export const BacklogTask = z.strictObject({
  ...MapTask.omit({ plan: true }).shape,
  planned: z.boolean().describe('it has a plan already'),
  status: TaskStatus,
  score: z.number().describe('0 to 1: what comes first'),
  unblocks: z.int().describe('open tasks that wait for it, directly or not'),
  waits_for: z.array(MapTaskId).describe('dependencies that are not done'),
  orchestration: OrchestrationId.nullable().describe('the run that does it or did it last'),
  reason: z.string().nullable().describe('why it failed'),
});
export type BacklogTask = z.infer<typeof BacklogTask>;

/** `studio project backlog`, `GET /v1/backlog`, `.studio/backlog.json`. */
export const BacklogDocument = z.strictObject({
  id: BacklogId,
  workspace: z.string(),
  version: z.int().describe('of its log; 0: nothing was ever put in'),
  updated_at: z.string().nullable(),
  epics: z.array(MapEpic),
  features: z.array(MapFeature),
  tasks: z.array(BacklogTask),
  next: z.array(MapTaskId).describe('open tasks that can begin now, the best first'),
  counts: z.record(TaskStatus, z.int()),
});
export type BacklogDocument = z.infer<typeof BacklogDocument>;

/** `studio project next`, `GET /v1/backlog/next`. */
export const BacklogNext = z.strictObject({
  id: BacklogId,
  workspace: z.string(),
  tasks: z.array(BacklogTask).describe('open tasks that can begin now, the best first'),
});
export type BacklogNext = z.infer<typeof BacklogNext>;

/** A goal, or a specification, that is to become tasks of the backlog of its workspace. */
export const BacklogDecompose = Goal.pick({
  goal: true,
  specification: true,
  include_dirty: true,
  mode: true,
  confirm: true,
  answers: true,
  attended: true,
  engine: true,
  priority: true,
  key: true,
  labels: true,
  budget_usd: true,
  budget_tokens: true,
}).extend({ workspace: z.string().min(1).max(4_096) });
export type BacklogDecompose = z.infer<typeof BacklogDecompose>;

/** What a person, or a program, may do to a backlog. */
export const BacklogChange = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('add'), task: TaskDraft }),
  z.strictObject({ do: z.literal('edit'), task: MapTaskId, changes: TaskChanges }),
  z.strictObject({ do: z.literal('remove'), task: MapTaskId }),
  z.strictObject({ do: z.literal('reopen'), task: MapTaskId }),
  z.strictObject({ do: z.literal('import'), map: ProjectMap, source: z.string().min(1).max(500) }),
]);
export type BacklogChange = z.infer<typeof BacklogChange>;
/** The same as it is written, with what has a default left out. */
export type BacklogChangeInput = z.input<typeof BacklogChange>;

/** Which open tasks are to be run, and how. */
export const BacklogRun = z.strictObject({
  workspace: z.string().min(1).max(4_096),
  max: z.int().positive().optional().describe('at most so many tasks, the best first'),
  tasks: z.array(MapTaskId).min(1).max(200).optional().describe('these and what they wait for'),
  engine: EngineChoice.optional(),
  sequential: z.boolean().optional(),
  confirm: z.boolean().optional(),
  mode: z.enum(['implicit', 'explicit']).optional(),
  include_dirty: z.boolean().optional(),
  checks: z.array(z.string().min(1).max(2_000)).max(20).optional(),
  attended: z.boolean().optional(),
});
export type BacklogRun = z.infer<typeof BacklogRun>;

/** The run that does the tasks. */
export const BacklogRunAnswer = z.strictObject({
  outcome: z.enum(['created', 'duplicate']).describe('duplicate: a run that was asked for before, and now goes on'),
  id: OrchestrationId,
  tasks: z.array(MapTaskId),
});
export type BacklogRunAnswer = z.infer<typeof BacklogRunAnswer>;
