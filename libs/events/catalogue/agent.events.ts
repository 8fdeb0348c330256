import * as z from 'zod';
import { DiscoveredGate, Plan, Role } from '#contracts';
import { defineEvent } from '../define-event.ts';

/**
 * Every report of a worker carries the lease it runs under (the version of its `agent.started`) and its own sequence
 * number: another lease, or a number already seen, changes nothing.
 */
export const reported = { lease: z.int().positive(), seq: z.int().positive() };

/** The process that executes an attempt. */
const Worker = z.strictObject({ id: z.string(), host: z.string(), pid: z.int() });
export type Worker = z.infer<typeof Worker>;

export const agentEvents = [
  defineEvent(
    'agent.dispatched',
    2,
    z.strictObject({
      invocation: z.int().positive(),
      role: Role,
      attempt: z.int().positive(),
      reason: z.enum([
        'first',
        'retry',
        'continued',
        'handed_back',
        'skipped_step',
        'replan',
        'answered',
        'rewound',
        'forked',
      ]),
      hint: z.string().nullable(),
      notBefore: z.iso.datetime().nullable(),
    }),
  ),
  defineEvent('agent.started', 1, z.strictObject({ dispatch: z.int().positive(), worker: Worker })),
  defineEvent('agent.progressed', 1, z.strictObject({ ...reported, message: z.string().max(2_000) })),
  defineEvent('agent.completed', 1, z.strictObject({ ...reported, output: z.record(z.string(), z.unknown()) })),
  defineEvent(
    'lease.released',
    3,
    z.strictObject({ ...reported, reason: z.enum(['shutdown', 'paused', 'asked', 'budget']) }),
  ),
  defineEvent(
    'workspace.prepared',
    1,
    z.strictObject({
      ...reported,
      root: z.string().describe('the folder the person named'),
      base: z.string().describe('commit the run builds on'),
      branch: z.string(),
      dirty: z.boolean().describe('the folder had uncommitted changes that are not in base'),
      private: z.boolean().describe('the folder has no git: Studio keeps a repository of its own for it'),
      sandbox: z.string(),
    }),
  ),
  defineEvent(
    'workspace.lost',
    1,
    z.strictObject({ ...reported, missing: z.array(z.string()), keep: z.string().nullable() }),
  ),
  defineEvent(
    'plan.created',
    3,
    z.strictObject({
      ...reported,
      plan: Plan,
      source: z.string().describe('who made it: "recipe health-endpoint", "command ./planner.py"'),
      confidence: z.int().min(0).max(100),
      cautions: z.array(z.string()),
    }),
  ),
  defineEvent('gates.discovered', 1, z.strictObject({ ...reported, gates: z.array(DiscoveredGate) })),
] as const;
