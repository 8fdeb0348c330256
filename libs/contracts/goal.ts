import * as z from 'zod';
import { EngineChoice } from './engine-choice.ts';
import { Workflow } from './ids.ts';
import { Plan } from './plan.ts';
import { TaskInput } from './task.ts';

/** Longer texts are specifications: they belong in a file that the goal names. */
export const MAX_GOAL_CHARACTERS = 16_000;

// C0 controls but tab and line breaks: a goal is text, and bytes of something else end here.
const isText = (text: string) => ![...text].some((c) => c < ' ' && !'\t\n\r'.includes(c)) && !text.includes('\uFFFD');

/**
 * What a producer sends: the data of a job `goal` on queue `goals`, the body of `POST /v1/orchestrations`, a line of a
 * goals file. Unknown fields are refused, so that a misspelt option is never silently ignored.
 */
export const Goal = z.strictObject({
  goal: z
    .string()
    .trim()
    .min(1, { error: 'say what is to be done' })
    .max(MAX_GOAL_CHARACTERS, {
      error: `a goal has at most ${MAX_GOAL_CHARACTERS} characters; put a longer text into a file of the workspace and name it`,
    })
    .refine(isText, { error: 'a goal is text; this has control characters or bytes that are not UTF-8' }),
  workspace: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe('absolute path of a folder, or a git URL, with #branch or #tag to begin at; default: none'),
  workflow: Workflow.optional().describe('skips routing'),
  tasks: z.array(TaskInput).max(200).optional().describe('several tasks under this goal; each is a run of its own'),
  sequential: z.boolean().optional().describe('tasks run one after the other, in the order given'),
  specification: z
    .string()
    .min(1)
    .max(400_000)
    .optional()
    .describe('Markdown that says what is to be built, for the architect'),
  plan: Plan.optional().describe('an existing plan, run as it is'),
  mode: z.enum(['implicit', 'explicit']).optional().describe('explicit asks to confirm the route; default implicit'),
  confirm: z.boolean().optional().describe('false answers the route confirmation with yes in advance'),
  answers: z
    .record(z.string().min(1).max(100), z.string().max(4_000))
    .optional()
    .describe('answers to questions of the planner, by the id of the question'),
  attended: z.boolean().optional().describe('somebody can answer questions now; otherwise defaults are taken at once'),
  engine: EngineChoice.optional().describe(
    'engines in order of preference: "claude,model"; a role has its own with "planner=model,builder=claude"; default: as configured',
  ),
  include_dirty: z.boolean().optional().describe('start from the uncommitted changes too'),
  checks: z.array(z.string().min(1).max(2_000)).max(20).optional().describe('commands that must pass at the end'),
  priority: z.int().min(1).max(5).optional().describe('1 runs first, default 3'),
  key: z.string().min(1).max(200).optional().describe('idempotency key: same key and payload is stored once'),
  labels: z.record(z.string().min(1).max(63), z.string().max(255)).optional(),
  budget_usd: z.number().positive().max(1_000_000).optional().describe('what engines may cost at most'),
  budget_tokens: z.int().positive().optional().describe('what models may read and write at most, as they are billed'),
  backlog: z.string().min(1).max(64).optional().describe('backlog whose tasks these are: it is told how they end'),
  driver: z
    .enum(['studio', 'outside'])
    .optional()
    .describe('outside: Studio routes and records, somebody else drives the agents'),
});
export type Goal = z.infer<typeof Goal>;

/** How a goal came in. */
export const Trigger = z.enum(['cli', 'http', 'queue', 'file', 'client']);
export type Trigger = z.infer<typeof Trigger>;

/** The honest answer to every submit; also the return value of a job on queue `goals`. */
export const SubmitAnswer = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('created'), id: z.string() }),
  z.strictObject({ outcome: z.literal('duplicate'), id: z.string() }),
  z.strictObject({ outcome: z.literal('conflict'), id: z.string(), problems: z.array(z.string()) }),
  z.strictObject({ outcome: z.literal('rejected'), problems: z.array(z.string()) }),
]);
export type SubmitAnswer = z.infer<typeof SubmitAnswer>;
