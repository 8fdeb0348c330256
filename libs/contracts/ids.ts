import * as z from 'zod';

/**
 * `orch_<UTC date>_<UTC time>_<12 hex>`. New ids always have 12 hex digits; 4 to 12 are accepted, because older tools
 * wrote shorter ones.
 */
export const OrchestrationId = z.string().regex(/^orch_\d{8}_\d{6}_[0-9a-f]{4,12}$/, {
  error: 'an orchestration id looks like orch_20260202_143052_a1b2c3d4e5f6',
});

/** `cp_<milliseconds since 1970>`, plus one where that number is taken. */
export const CheckpointId = z.string().regex(/^cp_\d+$/);

/** `int_<n>`: the n-th interaction of its orchestration. */
export const InteractionId = z.string().regex(/^int_\d+$/);

/** `work_<n>`: the n-th piece of work that its orchestration handed out. */
export const WorkId = z.string().regex(/^work_\d+$/);

/** `step_<n>` in plans that Studio makes; a plan made elsewhere may use any short name without spaces. */
export const StepId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, {
  error: 'a step id has 1 to 64 letters, digits, ".", "_" or "-"',
});

export const Role = z.enum(['architect', 'planner', 'builder']);
export type Role = z.infer<typeof Role>;

export const Workflow = z.enum(['build_only', 'plan_then_build', 'multi_task', 'decompose_first']);
export type Workflow = z.infer<typeof Workflow>;

export const Complexity = z.enum(['simple', 'complex', 'huge']);
export type Complexity = z.infer<typeof Complexity>;

export const Gate = z.enum(['lint', 'typecheck', 'test', 'security']);
export type Gate = z.infer<typeof Gate>;

/** What kind of failure it is decides what happens next: retry, retry with a fix, replan, escalate, halt. */
export const FailureCategory = z.enum(['transient', 'code_error', 'design_flaw', 'blocker', 'critical']);
export type FailureCategory = z.infer<typeof FailureCategory>;

/** A full git object name: SHA-1 (40) or SHA-256 (64). */
export const Commit = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);

/** ISO 8601 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime();
