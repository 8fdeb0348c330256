import * as z from 'zod';
import { LearningDomain } from './context.ts';
import { HandoffContext, ReplanHandoff } from './handoff.ts';
import { FailureCategory } from './ids.ts';
import { Plan, PlanStep } from './plan.ts';
import { MapTask, ProjectMap } from './project-map.ts';
import { Usage } from './usage.ts';

/** Raised when a program written for the number before would misread what it is sent. */
export const ENGINE_PROTOCOL = 1;

/** What every request says; the program's working directory is `directory`. */
const common = {
  protocol: z.literal(ENGINE_PROTOCOL),
  goal: z.string(),
  directory: z.string().describe('absolute path of the worktree; change files here and nowhere else'),
  step_key: z.string().describe('the same for every try of this work: an idempotency key for effects outside'),
  learnings: z
    .array(z.strictObject({ domain: z.string(), date: z.string(), text: z.string() }))
    .describe('what earlier runs found out that fits this goal, newest first'),
  docs: z.array(z.strictObject({ library: z.string(), text: z.string() })).describe('documentation of libraries'),
  handoff: HandoffContext.nullable().describe('what the agent before handed over'),
  backlog: z.string().nullable().describe('to plan and decompose: tasks that are planned already, a line each'),
};

/** Why a plan has to be made anew. A step that stays exactly as it is in `plan` is not done again. */
export const PlanFailure = ReplanHandoff.extend({ plan: Plan.describe('the plan that failed') });
export type PlanFailure = z.infer<typeof PlanFailure>;

/** What a planner wants to know before it plans. The answer is any text. */
export const PlannerQuestion = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(100)
    .describe('stands for this question in the whole run: what has an answer is not put again'),
  question: z.string().min(1).max(4_000),
  options: z.array(z.string().min(1).max(500)).max(20).default([]).describe('suggestions'),
  default: z.string().min(1).max(4_000).describe('taken, and marked as an assumption, where nobody answers'),
});
export type PlannerQuestion = z.infer<typeof PlannerQuestion>;

/** A round of questions. */
export const PlannerQuestions = z.object({
  readiness: z.number().min(0).max(1).default(0).describe('to plan without them; from 0.7 on nobody is asked'),
  questions: z
    .array(PlannerQuestion)
    .min(1)
    .max(20)
    .refine((questions) => new Set(questions.map(({ id }) => id)).size === questions.length, {
      error: 'two questions have the same id',
    }),
});

/** What a question of the planner came to. */
export const PlannerAnswer = z.strictObject({
  id: z.string(),
  question: z.string(),
  response: z.string(),
  round: z.int().nonnegative().describe('0: it came with the goal, before anybody asked'),
  assumed: z.boolean().describe('nobody answered: the default stands'),
});
export type PlannerAnswer = z.infer<typeof PlannerAnswer>;

const answers = z.array(PlannerAnswer).describe('what is known by now; what nobody asked came with the goal');

/** The one JSON document on the standard input of a command engine. */
export const EngineRequestDocument = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('plan'),
    task_id: z.string(),
    skills: z.array(z.string()),
    hint: z.string().nullable().describe('what a person said when the last attempt needed help'),
    failure: PlanFailure.nullable().describe('of the plan before, which this one has to avoid'),
    round: z
      .strictObject({ number: z.int().min(1).max(5), focus: z.string().describe('what this round is about') })
      .nullable()
      .describe('the round of questions that may be asked now; null: no more of them, plan with what is known'),
    answers,
  }),
  z.strictObject({
    ...common,
    kind: z.literal('decompose'),
    specification: z.string().nullable().describe('Markdown that says what is to be built'),
    skills: z.array(z.string()),
    hint: z.string().nullable(),
    answers,
  }),
  z.strictObject({
    ...common,
    kind: z.literal('step'),
    plan: Plan,
    step: PlanStep,
    try: z.int().positive(),
    previous: z.strictObject({ error: z.string(), hints: z.array(z.string()) }).nullable(),
    hint: z.string().nullable(),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('fix'),
    plan: Plan,
    gate: z.string(),
    command: z.string(),
    output: z.string(),
    try: z.int().positive(),
  }),
]);
export type EngineRequestDocument = z.infer<typeof EngineRequestDocument>;

/** A plan as a program sends it: what Studio knows already may be left out. */
export const PlanDraft = Plan.partial({ id: true, task_id: true, goal: true });
export type PlanDraft = z.infer<typeof PlanDraft>;

/** A map as a program sends it: the same may be left out of the plans of its tasks. */
export const MapDraft = ProjectMap.extend({
  tasks: z
    .array(MapTask.extend({ plan: PlanDraft.nullable().default(null) }))
    .min(1)
    .max(1_000),
});
export type MapDraft = z.infer<typeof MapDraft>;

/** Why a provider of models did not answer. Another engine may do what this one cannot. */
export const ProviderFault = z.enum(['down', 'quota', 'refused_key']);
export type ProviderFault = z.infer<typeof ProviderFault>;

/** What a request comes to: exactly one of these. */
const finalAnswers = [
  z.object({ type: z.literal('plan'), plan: PlanDraft, cautions: z.array(z.string()).default([]) }),
  PlannerQuestions.extend({ type: z.literal('questions') }),
  z.object({ type: z.literal('map'), map: MapDraft, cautions: z.array(z.string()).default([]) }),
  z.object({ type: z.literal('done'), summary: z.string().min(1) }),
  z.object({
    type: z.literal('cannot'),
    reason: z.string().min(1),
    unblock: z.string().min(1).describe('the exact thing that a person can do about it'),
  }),
  z.object({
    type: z.literal('failed'),
    error: z.string().min(1),
    category: FailureCategory.optional(),
    provider: ProviderFault.optional().describe('the fault is with the provider of the models'),
    retry_after_s: z
      .number()
      .positive()
      .max(8 * 86_400)
      .optional()
      .describe('the provider takes no requests for so long: waited out, and no try is used up'),
  }),
] as const;

export const EngineAnswer = z.discriminatedUnion('type', finalAnswers);
export type EngineAnswer = z.infer<typeof EngineAnswer>;

/**
 * One line of the standard output of a command engine. `progress`, `learning` and `usage` as often as wanted, then exactly one of
 * the others and exit 0. A line that is not a JSON object with one of these types is shown as progress, so that a program may print
 * what it likes.
 */
export const EngineMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), message: z.string() }),
  z.object({
    type: z.literal('learning'),
    domain: LearningDomain.optional().describe('default: what the goal is about'),
    text: z.string().trim().min(1).max(2_000).describe('what the next run should know'),
  }),
  Usage.extend({ type: z.literal('usage') }).describe('of calls since the last message of this type'),
  ...finalAnswers,
]);
export type EngineMessage = z.infer<typeof EngineMessage>;
