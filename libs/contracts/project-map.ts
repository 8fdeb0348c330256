import * as z from 'zod';
import { Plan, Verification } from './plan.ts';

const idOf = (letter: 'E' | 'F' | 'T', what: string) =>
  z.string().regex(new RegExp(`^${letter}[1-9]\\d{0,3}$`), { error: `the id of ${what} looks like ${letter}1` });

export const EpicId = idOf('E', 'an epic');
export const FeatureId = idOf('F', 'a feature');
export const MapTaskId = idOf('T', 'a task');

const Title = z.string().trim().min(1).max(200);
const Description = z.string().max(4_000);

/** Days of work, roughly a half, one, two, five. `XL` says that nobody knows: such a task has to be split. */
export const Effort = z.enum(['XS', 'S', 'M', 'L', 'XL']);
export type Effort = z.infer<typeof Effort>;

/** A text that a person reads; with a verification, Studio checks it where the task is built. */
export const TaskAcceptance = z.strictObject({
  criterion: z.string().min(1).max(1_000),
  verification: Verification.optional(),
});
export type TaskAcceptance = z.infer<typeof TaskAcceptance>;

const taskFields = {
  title: Title,
  description: Description,
  feature: FeatureId.nullable(),
  depends_on: z.array(MapTaskId).max(200),
  effort: Effort,
  priority: z.int().min(1).max(5).describe('1 comes first'),
  value: z.int().min(1).max(5).describe('5 is worth most'),
  acceptance: z.array(TaskAcceptance).max(50),
  files: z
    .array(z.string().min(1).max(500))
    .max(100)
    .describe('globs of what it changes: tasks that share a file do not run at once'),
  goal: z.string().trim().min(1).max(16_000).nullable().describe('null: made of title and description'),
  plan: Plan.nullable().describe('null: planned when its turn comes'),
};

/** A task before it has a place in a map or a backlog: what somebody has to say of it, and what is assumed. */
export const TaskDraft = z.strictObject({
  ...taskFields,
  description: taskFields.description.default(''),
  feature: taskFields.feature.default(null),
  depends_on: taskFields.depends_on.default([]),
  effort: taskFields.effort.default('M'),
  priority: taskFields.priority.default(3),
  value: taskFields.value.default(3),
  acceptance: taskFields.acceptance.default([]),
  files: taskFields.files.default([]),
  goal: taskFields.goal.default(null),
  plan: taskFields.plan.default(null),
});
export type TaskDraft = z.infer<typeof TaskDraft>;

/** What is to be different about a task. */
export const TaskChanges = z.strictObject(taskFields).partial();
export type TaskChanges = z.infer<typeof TaskChanges>;

export const MapEpic = z.strictObject({ id: EpicId, title: Title, description: Description.default('') });
export type MapEpic = z.infer<typeof MapEpic>;

export const MapFeature = z.strictObject({
  id: FeatureId,
  epic: EpicId.nullable().default(null),
  title: Title,
  description: Description.default(''),
});
export type MapFeature = z.infer<typeof MapFeature>;

export const MapTask = z.strictObject({ id: MapTaskId, ...TaskDraft.shape });
export type MapTask = z.infer<typeof MapTask>;

/**
 * A project, cut into epics, features and tasks. The schema says what a map may look like; that its ids are unique, its
 * references known, its dependencies acyclic and no task too large is judged by `validateMap` of the domain.
 */
export const ProjectMap = z.strictObject({
  epics: z.array(MapEpic).max(200).default([]),
  features: z.array(MapFeature).max(1_000).default([]),
  tasks: z.array(MapTask).min(1, { error: 'a map without a task leads nowhere' }).max(1_000),
});
export type ProjectMap = z.infer<typeof ProjectMap>;
