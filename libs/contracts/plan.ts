import * as z from 'zod';
import { EngineChoice } from './engine-choice.ts';
import { StepId } from './ids.ts';

/** A path inside the workspace: relative, with forward slashes, and never climbing out of it. */
export const WorkspacePath = z
  .string()
  .min(1)
  .max(1_024)
  .refine((path) => !/^(?:\/|\\|[A-Za-z]:)/.test(path) && !path.includes('\0'), {
    error: 'a path is relative to the workspace',
  })
  .refine((path) => !path.split(/[/\\]/).includes('..'), { error: 'a path cannot leave the workspace' })
  .refine((path) => !/^\.git(?:\/|$)/i.test(path), { error: 'a path cannot touch the .git folder' });

/** What a step does where no model is needed. Applied in order; the first that fails ends the try. */
export const Operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), path: WorkspacePath, content: z.string() }),
  z.strictObject({
    op: z.literal('edit'),
    path: WorkspacePath,
    find: z.string().min(1),
    replace: z.string(),
    all: z.boolean().optional(),
    /** `find` counts only where no letter, digit or underscore stands beside it. */
    whole_word: z.boolean().optional(),
  }),
  z.strictObject({ op: z.literal('delete'), path: WorkspacePath }),
  z.strictObject({ op: z.literal('move'), from: WorkspacePath, to: WorkspacePath }),
  z.strictObject({ op: z.literal('run'), command: z.string().min(1), timeout_s: z.number().positive().optional() }),
]);
export type Operation = z.infer<typeof Operation>;

const BrowserAction = z.strictObject({
  action: z.enum(['click', 'type', 'navigate', 'wait_for']),
  target: z.string().describe('a selector: #id, text=Save, role=button[name="Save"]; of navigate an address'),
  value: z.string().optional().describe('what type enters; a line break at its end presses Enter'),
});

/** How a criterion is checked. Studio runs the check itself; what an agent says of its own work never counts. */
export const Verification = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('command'), command: z.string().min(1) }),
  z.strictObject({ type: z.literal('file_exists'), path: WorkspacePath }),
  z.strictObject({ type: z.literal('file_contains'), path: WorkspacePath, pattern: z.string().min(1) }),
  z.strictObject({ type: z.literal('test_passes'), test_command: z.string().min(1) }),
  z.strictObject({
    type: z.literal('browser'),
    url: z
      .string()
      .describe('http(s)://…, where {port} is a free port for serve; or a page of the workspace: public/index.html'),
    serve: z
      .string()
      .min(1)
      .optional()
      .describe('a command that serves the page until it is ended: npm start -- --port {port}; it gets PORT, too'),
    actions: z.array(BrowserAction).default([]),
    assertions: z
      .array(z.string())
      .describe(
        'what holds after the actions: a text that is visible, "title: …", "url: …" (each a part of it), "visible: <selector>", "hidden: <selector>", "no errors"; "text: …" for a text that looks like one of these',
      ),
  }),
]);
export type Verification = z.infer<typeof Verification>;
export type BrowserVerification = Extract<Verification, { type: 'browser' }>;

export const SuccessCriterion = z.strictObject({ criterion: z.string().min(1), verification: Verification });
export type SuccessCriterion = z.infer<typeof SuccessCriterion>;

export const AcceptanceCriterion = z.strictObject({
  id: z.string().regex(/^AC-\d+$/, { error: 'an acceptance criterion id looks like AC-1' }),
  criterion: z.string().min(1),
  verification: Verification,
  priority: z.enum(['must', 'should', 'nice-to-have']),
});
export type AcceptanceCriterion = z.infer<typeof AcceptanceCriterion>;

export const PlanStep = z.strictObject({
  id: StepId,
  name: z.string().min(1).max(200),
  action: z.string().min(1),
  operations: z.array(Operation).optional(),
  success_criteria: z.array(SuccessCriterion),
  depends_on: z.array(StepId).default([]),
  risky: z.boolean().optional(),
  critical: z.boolean().optional(),
  engine: EngineChoice.optional().describe('who does this step, where the goal names nobody'),
  retry_behavior: z
    .strictObject({ max_attempts: z.int().min(1).max(20).default(5), fix_hints: z.array(z.string()).default([]) })
    .optional(),
});
export type PlanStep = z.infer<typeof PlanStep>;

export const GatheredRequirements = z.strictObject({
  scope: z.strictObject({ included: z.array(z.string()), excluded: z.array(z.string()) }),
  success_criteria: z.array(z.string()),
  technical_constraints: z.array(z.string()),
  edge_cases: z.array(z.strictObject({ case: z.string(), handling: z.string() })),
  quality_requirements: z.array(z.string()),
  user_confirmations: z.array(
    z.strictObject({ question: z.string(), response: z.string(), round: z.int().positive() }),
  ),
});

/**
 * A gate of a plan: a command to run, `true` for "whatever this repository uses" (the default), or `false` for "not in
 * this plan".
 */
export const PlannedGate = z.union([z.string().min(1), z.boolean()]);

export const QualityGates = z.strictObject({
  lint: PlannedGate.optional(),
  typecheck: PlannedGate.optional(),
  test: PlannedGate.optional(),
  security: PlannedGate.optional(),
});

/**
 * `plan.json`. The schema says what a plan may look like; that its dependencies are known and acyclic and that each step
 * is checked is judged by `validatePlan` of the domain.
 */
export const Plan = z.strictObject({
  id: z.string().regex(/^bp_[A-Za-z0-9_-]{1,80}$/, { error: 'a plan id starts with bp_' }),
  task_id: z.string().min(1).max(120),
  goal: z.string().min(1),
  engine: EngineChoice.optional().describe('who does the steps, where the goal names nobody'),
  gathered_requirements: GatheredRequirements.optional(),
  acceptance_criteria: z.array(AcceptanceCriterion).default([]),
  steps: z.array(PlanStep).min(1).max(500),
  quality_gates: QualityGates.default({}),
});
export type Plan = z.infer<typeof Plan>;
