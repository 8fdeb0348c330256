import * as z from 'zod';
import { Role, WorkId, WorkKind, WorkOutcome } from '#contracts';
import { defineEvent } from '../define-event.ts';
import { reported } from './agent.events.ts';

/** Whatever the protocol of engines is by then. */
const Document = z.record(z.string(), z.unknown());

/** The version of the `work.taken` of whoever holds it: as with workers, another one changes nothing. */
const lease = z.int().positive();

/** Work that is done by hand: handed out, taken under a lease, and closed once. */
export const workEvents = [
  defineEvent(
    'work.handed_out',
    1,
    z.strictObject({
      ...reported,
      work: WorkId,
      role: Role,
      kind: WorkKind,
      about: z.string().describe('the step or the gate; else the kind again'),
      round: z.int().positive().nullable().describe('of questions that may be asked now instead of a plan'),
      request: Document.describe('as an engine gets it'),
      commit: z.string().nullable().describe('what it begins with: verified work, and what a try that failed left'),
      leaseMs: z.int().positive(),
      deadline: z.iso.datetime().nullable(),
    }),
  ),
  defineEvent(
    'work.taken',
    1,
    z.strictObject({
      work: WorkId,
      taker: z.strictObject({ id: z.string(), host: z.string() }),
      until: z.iso.datetime(),
    }),
  ),
  defineEvent('work.renewed', 1, z.strictObject({ work: WorkId, lease, until: z.iso.datetime() })),
  defineEvent('work.returned', 1, z.strictObject({ work: WorkId, lease, reason: z.enum(['given_back', 'expired']) })),
  defineEvent(
    'work.closed',
    1,
    z.strictObject({
      work: WorkId,
      outcome: WorkOutcome,
      lease: lease.nullable().describe('null: nobody handed it in'),
      answer: Document.nullable(),
      commit: z.string().nullable().describe('the files as they were handed in'),
    }),
  ),
] as const;
