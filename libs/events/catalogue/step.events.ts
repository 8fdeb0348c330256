import * as z from 'zod';
import {
  CheckResult,
  Commit,
  EngineName,
  FailureCategory,
  FileChange,
  Gate,
  ProviderFault,
  Role,
  StepId,
} from '#contracts';
import { defineEvent } from '../define-event.ts';
import { reported } from './agent.events.ts';

export const stepEvents = [
  defineEvent('step.started', 1, z.strictObject({ ...reported, step: StepId, try: z.int().positive() })),
  defineEvent(
    'step.tried',
    1,
    z.strictObject({
      ...reported,
      step: StepId,
      try: z.int().positive(),
      checks: z.array(CheckResult),
      durationMs: z.number().nonnegative(),
    }),
  ),
  defineEvent(
    'step.succeeded',
    1,
    z.strictObject({
      ...reported,
      step: StepId,
      try: z.int().positive(),
      commit: Commit.nullable().describe('null when the step changed no file'),
      checks: z.array(CheckResult),
      durationMs: z.number().nonnegative(),
    }),
  ),
  defineEvent('step.skipped', 1, z.strictObject({ step: StepId })),
  defineEvent(
    'acceptance.checked',
    1,
    z.strictObject({
      ...reported,
      results: z.array(
        z.strictObject({
          id: z.string(),
          criterion: z.string(),
          priority: z.enum(['must', 'should', 'nice-to-have']),
          status: z.enum(['passed', 'failed', 'not_available']),
          output: z.string(),
        }),
      ),
    }),
  ),
  defineEvent(
    'acceptance.shown',
    1,
    z.strictObject({
      ...reported,
      results: z
        .array(z.strictObject({ id: z.string(), criterion: z.string(), before: z.enum(['passed', 'failed']) }))
        .min(1)
        .describe('checks on the base commit: one that passes there proves nothing when it passes at the end'),
    }),
  ),
  defineEvent(
    'gate.passed',
    1,
    z.strictObject({ ...reported, gate: Gate, try: z.int().positive(), durationMs: z.number().nonnegative() }),
  ),
  defineEvent(
    'gate.failed',
    1,
    z.strictObject({
      ...reported,
      gate: Gate,
      try: z.int().positive(),
      durationMs: z.number().nonnegative(),
      output: z.string(),
    }),
  ),
  defineEvent(
    'gate.waived',
    1,
    z.strictObject({ ...reported, gate: Gate, reason: z.enum(['red_before', 'not_available', 'off']) }),
  ),
  defineEvent(
    'work.collected',
    1,
    z.strictObject({ ...reported, commit: Commit.nullable(), files: z.array(FileChange) }),
  ),
  defineEvent(
    'failure.recorded',
    3,
    z.strictObject({
      lease: reported.lease.nullable().describe('null: no worker reported it; the orchestrator saw it'),
      seq: reported.seq.nullable(),
      role: Role,
      attempt: z.int().positive(),
      step: StepId.nullable(),
      gate: Gate.nullable(),
      category: FailureCategory,
      error: z.string(),
      fingerprint: z
        .string()
        .describe('same text, same failure: numbers, paths and times are taken out before hashing'),
      unblock: z.string().nullable().describe('what a person can do so that it works'),
      pattern: z.string().nullable().describe('the error pattern that classified it'),
      until: z.iso
        .datetime()
        .nullable()
        .describe('end of the window in which the provider refuses: no try of ours counts'),
      progress: z
        .string()
        .nullable()
        .describe('hash of the tree and of the checks that passed: the same means no progress'),
      engine: EngineName.nullable().describe('the engine that failed; null: it was none of theirs'),
      provider: ProviderFault.nullable().describe('the fault is with the provider of its models'),
    }),
  ),
  defineEvent(
    'recovery.decided',
    2,
    z.strictObject({
      action: z.enum(['retry', 'replan', 'escalate', 'halt']),
      counted: z.boolean().describe('false: a window was waited out, which uses up no try'),
      reason: z.string(),
      notBefore: z.iso.datetime().nullable(),
      draw: z.number().min(0).max(1).describe('the random number that made the jitter'),
      hint: z.string().nullable(),
      policyHash: z.string(),
    }),
  ),
] as const;
