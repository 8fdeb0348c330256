import * as z from 'zod';
import { Assignment } from './assignment.ts';
import { FileChange } from './checks.ts';
import { ContextBudget } from './context.ts';
import { ProviderFault } from './engine-protocol.ts';
import { EnginesState } from './engine-state.ts';
import { Complexity, FailureCategory, Gate, Role, Workflow } from './ids.ts';
import { OutsideState } from './outside.ts';
import { SpendState } from './spend.ts';

export const Status = z.enum([
  'initializing',
  'routing',
  'executing',
  'waiting',
  'recovering',
  'paused',
  'completed',
  'failed',
]);
export type Status = z.infer<typeof Status>;

export const AgentStatus = z.enum(['pending', 'active', 'completed', 'failed', 'paused', 'skipped']);
export type AgentStatus = z.infer<typeof AgentStatus>;

export const OutcomeKind = z.enum(['completed', 'failed', 'halted', 'aborted']);
export type OutcomeKind = z.infer<typeof OutcomeKind>;

export const InteractionOption = z.strictObject({ key: z.string(), label: z.string() });

export const Interaction = z.strictObject({
  id: z.string(),
  kind: z.enum(['route', 'escalation', 'question', 'map', 'permission', 'budget']),
  prompt: z.string(),
  options: z.array(InteractionOption).describe('of a question, suggestions: any text is an answer'),
  default: z.string().nullable().describe('taken when the deadline passes'),
  round: z.int().nullable().describe('of the questions of a planner, 1 to 5'),
  focus: z.string().nullable().describe('what the round is about'),
  about: z.string().nullable().describe('id of the question, or the step that failed'),
  opened_at: z.string(),
  deadline: z.string().nullable(),
  outcome: z.enum(['answered', 'declined', 'expired', 'withdrawn', 'superseded']).nullable(),
  answer: z.string().nullable(),
  assumed: z.boolean().describe('nobody answered: the default was taken'),
  by: z.string().nullable(),
});
export type Interaction = z.infer<typeof Interaction>;

/** Why a live orchestration is where it is: exactly one reason, its owner, and until when it can last. */
export const WaitReason = z.strictObject({
  kind: z.enum([
    'running',
    'queued',
    'due',
    'question',
    'approval',
    'budget',
    'work',
    'dependency',
    'outside',
    'paused',
    'no_worker',
    'quarantined',
    'routing',
  ]),
  owner: z.string().describe('who has to move next'),
  until: z.string().nullable().describe('when this ends by itself, at the latest'),
  detail: z.string(),
  since_version: z.int().nonnegative().describe('the fact that led here'),
});
export type WaitReason = z.infer<typeof WaitReason>;

export const StepState = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(['pending', 'active', 'completed', 'failed', 'skipped']),
  tries: z.int().nonnegative(),
  commit: z.string().nullable(),
  error: z.string().nullable(),
});

const GateState = z.strictObject({
  gate: Gate,
  command: z.string().nullable(),
  status: z.enum(['pending', 'passed', 'failed', 'red_before', 'not_available', 'off']),
  tries: z.int().nonnegative(),
});

const CriterionState = z.strictObject({
  id: z.string(),
  criterion: z.string(),
  priority: z.enum(['must', 'should', 'nice-to-have']),
  status: z.enum(['passed', 'failed', 'not_available']),
  before: z
    .enum(['passed', 'failed'])
    .nullable()
    .describe('the same check on the base commit: passed there, it proves nothing; null: it was not looked at'),
});

/** One of several tasks of a run, and the run that does it. */
const TaskState = z.strictObject({
  id: z.string(),
  goal: z.string(),
  status: z.enum(['pending', 'running', 'completed', 'failed', 'skipped']),
  orchestration: z.string().nullable().describe('of several tries the newest'),
  try: z.int().nonnegative(),
  depends_on: z.array(z.string()),
  outcome: OutcomeKind.nullable(),
  reason: z.string().nullable().describe('why it did not complete'),
  commit: z.string().nullable(),
  merged: z.boolean().describe('its work is in the branch of this run'),
});

/** What a finished run hands over. `commit` is the verified head of `branch`. */
export const Result = z.strictObject({
  branch: z.string().nullable(),
  base: z.string().nullable(),
  commit: z.string().nullable(),
  files_changed: z.array(FileChange),
  commits: z.array(z.strictObject({ step: z.string(), commit: z.string() })),
  checks: z.strictObject({ passed: z.int(), failed: z.int() }),
  gates: z.array(GateState),
  criteria: z.array(CriterionState),
  steps: z.strictObject({ completed: z.int(), skipped: z.int(), total: z.int() }),
  tasks: z
    .strictObject({ completed: z.int(), total: z.int() })
    .nullable()
    .describe('null: the run is not one of several tasks'),
  retries: z.int(),
  cost_usd: z.number().nonnegative().describe('with its tasks'),
  duration_ms: z.number(),
  engines: EnginesState,
  sandbox: z.string(),
  head_hash: z.string(),
});
export type Result = z.infer<typeof Result>;

/** The seed's state document: what `GET /v1/orchestrations/<id>` and `studio state` give. */
export const StateDocument = z.strictObject({
  id: z.string(),
  version: z.int().nonnegative(),
  mode: z.enum(['implicit', 'explicit']),
  trigger: z.string(),
  status: Status,
  goal: z.string(),
  labels: z.record(z.string(), z.string()),
  workspace: z.string().nullable(),
  parent: z
    .strictObject({ orchestration: z.string(), task: z.string() })
    .nullable()
    .describe('the run whose task this is'),
  created_at: z.string(),
  updated_at: z.string(),
  routing: z
    .strictObject({
      workflow: Workflow,
      complexity: Complexity,
      agent_sequence: z.array(z.strictObject({ agent: Role, order: z.int(), status: AgentStatus })),
      confidence: z.number(),
      signals: z.array(z.strictObject({ word: z.string(), role: z.string(), points_to: Workflow })),
      skills: z.array(z.string()),
    })
    .nullable(),
  agent_states: z.array(
    z.strictObject({
      agent: Role,
      invocation_id: z.string(),
      status: AgentStatus,
      attempt: z.int(),
      started_at: z.string().nullable(),
      completed_at: z.string().nullable(),
      current_step: z.string().nullable(),
      output: z.record(z.string(), z.unknown()).nullable(),
      error: z.string().nullable(),
      context_used: z.int().describe('tokens: the most that one of its calls was given'),
    }),
  ),
  plan: z.strictObject({ id: z.string(), source: z.string(), confidence: z.number() }).nullable(),
  tasks: z.array(TaskState).describe('in the order in which they are merged, unless one depends on a later one'),
  steps: z.array(StepState),
  gates: z.array(GateState),
  criteria: z.array(CriterionState),
  handoffs: z.array(
    z.strictObject({ from: Role, to: Role, context: z.record(z.string(), z.unknown()), time: z.string() }),
  ),
  checkpoints: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      after_agent: Role.nullable(),
      version: z.int(),
      commit: z.string().nullable(),
      time: z.string(),
    }),
  ),
  failures: z.array(
    z.strictObject({
      time: z.string(),
      agent: Role,
      step: z.string().nullable(),
      category: FailureCategory,
      error: z.string(),
      fingerprint: z.string(),
      recovery_action: z.string().nullable(),
      attempt: z.int(),
      engine: z.string().nullable().describe('the engine that failed, where one did'),
      provider: ProviderFault.nullable().describe('the fault was with the provider of its models'),
    }),
  ),
  interactions: z.array(Interaction),
  engines: EnginesState,
  assignments: z.array(Assignment).optional().describe('only of a run that handed work out'),
  context_budget: ContextBudget.nullable().describe('null until the first agent has started'),
  spend: SpendState,
  outcome: z.strictObject({ kind: OutcomeKind, reason: z.string().nullable(), result: Result }).nullable(),
  wait: WaitReason.nullable(),
  forked_from: z
    .strictObject({ orchestration: z.string(), version: z.int().positive().describe('the last fact that both have') })
    .optional()
    .describe('only of a fork'),
  outside: OutsideState.optional().describe('only of a run whose agents somebody else drives'),
});
export type StateDocument = z.infer<typeof StateDocument>;
