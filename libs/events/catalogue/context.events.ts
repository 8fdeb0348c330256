import * as z from 'zod';
import { ContextLimits, ContextPool, Role } from '#contracts';
import { defineEvent } from '../define-event.ts';
import { reported } from './agent.events.ts';

const Tokens = z.int().nonnegative();

const Call = {
  role: Role,
  work: z.string().describe('plan, a step, a gate'),
  pieces: z.array(
    z.strictObject({
      hash: z.string().describe('SHA-256 of the text, its first 16 digits'),
      source: z.string().describe('handoff, learnings/testing.md, src/server.ts'),
      pool: ContextPool,
      tokens: Tokens,
    }),
  ),
};

/** Facts about what agents were given to read, in tokens. */
export const contextEvents = [
  defineEvent(
    'context.allocated',
    1,
    z.strictObject({ ...reported, pools: z.record(ContextPool, ContextLimits), total: ContextLimits }),
  ),
  defineEvent('context.given', 1, z.strictObject({ ...reported, ...Call })),
  defineEvent('context.refused', 1, z.strictObject({ ...reported, ...Call, problem: z.string() })),
  defineEvent(
    'context.optimised',
    1,
    z.strictObject({
      ...reported,
      actions: z.array(z.strictObject({ action: z.string(), pool: ContextPool, freed: Tokens })),
      before: Tokens,
      after: Tokens,
    }),
  ),
  defineEvent(
    'learnings.captured',
    1,
    z.strictObject({
      ...reported,
      entries: z
        .array(z.strictObject({ domain: z.string().min(1).max(100), text: z.string().min(1).max(2_000) }))
        .min(1),
    }),
  ),
] as const;
