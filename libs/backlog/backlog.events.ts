import * as z from 'zod';
import { MapEpic, MapFeature, MapTask, MapTaskId, OrchestrationId, TaskChanges } from '#contracts';
import { defineEvent, type Envelope } from '#events';

const BacklogRunId = z.string().regex(/^run_[1-9]\d*$/);

/** How a task of a run ended. What was skipped or aborted was not done, and failed no test. */
export const TaskOutcome = z.enum(['completed', 'failed', 'halted', 'aborted', 'skipped']);
export type TaskOutcome = z.infer<typeof TaskOutcome>;

/** Every fact of a backlog, newest version of each. */
export const BacklogEvent = z.discriminatedUnion('type', [
  defineEvent('backlog.opened', 1, z.strictObject({ workspace: z.string() })),
  defineEvent(
    'backlog.decomposed',
    3,
    z.strictObject({
      source: z.string().describe('"recipe project-node-service", "README.md"'),
      orchestration: OrchestrationId.nullable().describe('the run that drew the map'),
      epics: z.array(MapEpic),
      features: z.array(MapFeature),
      tasks: z.array(MapTask),
      ids: z.record(z.string(), z.string()).describe('id in the map → id here'),
    }),
  ),
  defineEvent('backlog.task_added', 3, z.strictObject({ task: MapTask })),
  defineEvent('task.edited', 3, z.strictObject({ task: MapTaskId, changes: TaskChanges })),
  defineEvent('task.removed', 1, z.strictObject({ task: MapTaskId })),
  defineEvent('task.reopened', 1, z.strictObject({ task: MapTaskId })),
  defineEvent('run.claimed', 1, z.strictObject({ run: BacklogRunId, tasks: z.array(MapTaskId).min(1) })),
  defineEvent('run.started', 1, z.strictObject({ run: BacklogRunId, orchestration: OrchestrationId })),
  defineEvent('run.ended', 1, z.strictObject({ run: BacklogRunId, reason: z.string().nullable() })),
  defineEvent('task.started', 1, z.strictObject({ task: MapTaskId, orchestration: OrchestrationId })),
  defineEvent(
    'task.ended',
    1,
    z.strictObject({
      task: MapTaskId,
      orchestration: OrchestrationId.nullable(),
      outcome: TaskOutcome,
      reason: z.string().nullable(),
    }),
  ),
]);
export type BacklogEvent = z.infer<typeof BacklogEvent>;

/** A fact of a backlog as it is stored. */
export type RecordedBacklogEvent = Readonly<BacklogEvent & Envelope>;
