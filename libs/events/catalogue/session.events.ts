import * as z from 'zod';
import { PermittedKind } from '#contracts';
import { defineEvent } from '../define-event.ts';
import { reported } from './agent.events.ts';

const Engine = z.string().min(1).max(100).describe('name of the engine');

/** Facts about conversations with agents. */
export const sessionEvents = [
  defineEvent(
    'session.kept',
    1,
    z.strictObject({
      ...reported,
      engine: Engine,
      session: z.string().min(1).max(500).describe('as the agent names it'),
      costUsd: z.number().nonnegative().nullable().describe('of all of it so far, as the agent says'),
    }),
  ),
  defineEvent(
    'permission.asked',
    1,
    z.strictObject({
      ...reported,
      engine: Engine,
      kind: PermittedKind,
      title: z.string().max(2_000),
      command: z.string().max(8_000).nullable().describe('the command line that it wants to run'),
    }),
  ),
] as const;
