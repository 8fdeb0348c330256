import * as z from 'zod';
import { assignmentCommands } from './assignment.ts';
import { HandoffContext } from './handoff.ts';
import { Complexity, OrchestrationId, Role, Workflow } from './ids.ts';
import { outsideCommands } from './outside.ts';
import { OutcomeKind, Status, WaitReason } from './state.ts';

/** A row of `studio list` and `GET /v1/orchestrations`. From a view: behind the log by milliseconds. */
export const ListRow = z.strictObject({
  id: z.string(),
  version: z.int(),
  goal: z.string().describe('its first 200 characters'),
  status: Status,
  outcome: OutcomeKind.nullable(),
  workflow: Workflow.nullable(),
  wait: WaitReason.shape.kind.nullable(),
  labels: z.record(z.string(), z.string()),
  workspace: z.string().nullable(),
  parent: z
    .strictObject({ orchestration: z.string(), task: z.string() })
    .nullable()
    .describe('the run whose task this is'),
  cost_usd: z.number().nonnegative().describe('so far, with its tasks that have ended'),
  created_at: z.string(),
  updated_at: z.string(),
});
export type ListRow = z.infer<typeof ListRow>;

/** What may narrow a list. All given conditions hold. */
export const ListQuery = z.strictObject({
  status: Status.optional(),
  wait: WaitReason.shape.kind.optional(),
  label: z
    .string()
    .regex(/^[^=]+=.*$/, { error: 'a label filter looks like team=web' })
    .optional(),
  since: z.iso.datetime().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  cursor: z.string().optional().describe('next_cursor of the page before'),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const ListPage = z.strictObject({ orchestrations: z.array(ListRow), next_cursor: z.string().nullable() });
export type ListPage = z.infer<typeof ListPage>;

/** A stored event as it goes out. */
export const EventDocument = z.strictObject({
  id: z.string(),
  stream: OrchestrationId,
  version: z.int().positive(),
  type: z.string(),
  v: z.int().positive(),
  time: z.string(),
  actor: z.string(),
  correlationId: z.string(),
  causationId: z.string().nullable(),
  hash: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type EventDocument = z.infer<typeof EventDocument>;

export const EventPage = z.strictObject({ events: z.array(EventDocument), next_after: z.int().nullable() });
export type EventPage = z.infer<typeof EventPage>;

/** `studio why`: the one wait reason, with the facts that led there. */
export const WhyDocument = z.strictObject({
  id: z.string(),
  version: z.int(),
  status: Status,
  wait: WaitReason.nullable().describe('null: it has ended'),
  summary: z.string(),
  facts: z.array(z.strictObject({ version: z.int(), time: z.string(), type: z.string(), text: z.string() })),
});
export type WhyDocument = z.infer<typeof WhyDocument>;

/** A worker process that is alive: it announced itself within the last 15 s. */
export const WorkerDocument = z.strictObject({
  id: z.string(),
  service: z.enum(['router', 'state', 'planner', 'builder', 'architect', 'gateway']),
  host: z.string(),
  pid: z.int(),
  concurrency: z.int(),
  version: z.string(),
  engines: z
    .array(z.string())
    .default([])
    .describe('the engines that a worker has configured; of other services: none'),
  started_at: z.string(),
  seen_at: z.string(),
});
export type WorkerDocument = z.infer<typeof WorkerDocument>;

/** `studio route`: a decision without a run. */
export const RouteDocument = z.strictObject({
  goal: z.string(),
  workflow: Workflow,
  complexity: Complexity,
  agents: z.array(Role),
  confidence: z.number(),
  signals: z.array(z.strictObject({ word: z.string(), role: z.string(), points_to: Workflow })),
  skills: z.array(z.string()),
});
export type RouteDocument = z.infer<typeof RouteDocument>;

/** What a person, or an outside program, may tell an orchestration. Also the data of a job on queue `control`. */
export const ControlCommand = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('answer'),
    interaction: z.string().nullable().default(null).describe('null: the one that is open'),
    answer: z.string().min(1).max(4_000).describe('the key of an option; of a question, any text'),
    note: z.string().max(4_000).nullable().default(null).describe('with "r": what to do differently'),
  }),
  z.strictObject({ command: z.literal('retry'), hint: z.string().max(4_000).nullable().default(null) }),
  z.strictObject({ command: z.literal('skip') }),
  z.strictObject({ command: z.literal('approve') }),
  z.strictObject({ command: z.literal('pause'), reason: z.string().max(1_000).nullable().default(null) }),
  z.strictObject({
    command: z.literal('resume'),
    checkpoint: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe('id or name of the one to go back to; null: go on after a pause, or from the latest after a bad end'),
    context: HandoffContext.nullable()
      .optional()
      .describe('completes the next handoff on the way: fields to add, or to correct'),
  }),
  z.strictObject({ command: z.literal('abort'), reason: z.string().max(1_000).nullable().default(null) }),
  z.strictObject({ command: z.literal('checkpoint'), name: z.string().min(1).max(100) }),
  z.strictObject({
    command: z.literal('handoff'),
    from: Role.nullable().default(null).describe('null: of the handoff that is begun, or the last one'),
    to: Role.nullable().default(null),
    context: HandoffContext.describe('fields to add, or to correct'),
  }),
  ...assignmentCommands,
  ...outsideCommands,
]);
export type ControlCommand = z.infer<typeof ControlCommand>;

/** Data of a job on queue `control`. */
export const ControlJob = z.strictObject({ orchestration: OrchestrationId, do: ControlCommand });
export type ControlJob = z.infer<typeof ControlJob>;
