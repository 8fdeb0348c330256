import * as z from 'zod';
import { RouteDocument } from './documents.ts';
import { Gate, StepId } from './ids.ts';
import { Status } from './state.ts';
import { TaskId } from './task.ts';

const Route = RouteDocument.omit({ goal: true });
const Spread = z.strictObject({ median: z.number(), p90: z.number().describe('nine of ten took no more') });

const ForeseenPlan = z.strictObject({
  id: z.string(),
  source: z.string(),
  confidence: z.int().describe('0 to 100'),
  verdict: z.enum(['go', 'caution', 'ask', 'block']),
  cautions: z.array(z.string()),
  steps: z.array(z.strictObject({ id: StepId, name: z.string(), operations: z.int() })),
});

/** What a goal, or one of its tasks, would come to by itself. */
const foreseen = {
  plan: ForeseenPlan.nullable(),
  no_plan: z.string().nullable().describe('why there is none to show yet'),
  files: z.array(z.string()).describe('paths and globs that its plan and tasks declare'),
  questions: z.array(
    z.strictObject({
      about: z.enum(['route', 'plan', 'map', 'planner']),
      prompt: z.string(),
      default: z.string().nullable().describe('taken where nobody answers; null: it waits for a person'),
    }),
  ),
  estimate: z.strictObject({
    basis: z.string().describe('which past runs it is taken from'),
    runs: z.int().describe('how many they are'),
    duration_ms: Spread.nullable().describe('from the goal to its end, waits included; null: there are none'),
    cost_usd: z
      .strictObject({ ...Spread.shape, runs: z.int().describe('of these runs, how many have a cost') })
      .nullable()
      .describe('null: nobody said what any of them cost'),
  }),
};

/** `studio build --dry-run`: what a goal would come to. Nothing was stored, started or changed. */
export const DryRunDocument = z.strictObject({
  goal: z.string(),
  mode: z.enum(['implicit', 'explicit']),
  workspace: z.string().nullable(),
  route: Route.extend({ asks: z.boolean().describe('a person has to confirm it') }),
  ...foreseen,
  tasks: z.array(
    z.strictObject({
      id: TaskId,
      goal: z.string(),
      depends_on: z.array(TaskId),
      planned: z.boolean().describe('it comes with its plan'),
      route: Route,
      ...foreseen,
    }),
  ),
  gates: z
    .array(z.strictObject({ gate: Gate, command: z.string().nullable(), source: z.string() }))
    .nullable()
    .describe('null: the workspace cannot be looked at from here'),
  conflicts: z
    .array(
      z.strictObject({
        id: z.string(),
        goal: z.string(),
        status: Status,
        files: z.array(z.string()).describe('what both may touch'),
      }),
    )
    .describe('runs under way in the same workspace'),
  undeclared: z
    .array(z.string())
    .describe('runs under way in the same workspace of which nobody knows yet what they touch'),
});
export type DryRunDocument = z.infer<typeof DryRunDocument>;
