import * as z from 'zod';
import { AcpAgent } from './agents.ts';
import { ModelEngine } from './models.ts';
import { EngineName } from '../engine-choice.ts';
import { Role } from '../ids.ts';

/** A list is in order of preference: where the first cannot go on, the next one does. */
const Preferred = z.union([EngineName, z.array(EngineName).min(1)], {
  error: 'expected the name of an engine, or a list of names',
});

/** A program that an engine runs: JSON on stdin, JSON lines on stdout. */
const CommandEngine = z.strictObject({
  command: z.string().min(1).describe('shell command; the request comes on its stdin as one JSON document'),
  can: z
    .array(z.enum(['plan', 'work', 'decompose']))
    .min(1)
    .default(['plan', 'work'])
    .describe('what the program is able to do'),
  timeout_s: z.number().positive().max(86_400).default(1_800).describe('seconds after which one request is ended'),
});

export const Engines = z.strictObject({
  default: Preferred.describe(
    'engine of a goal that names none, or several in order of preference; auto takes the best that is configured',
  ),
  roles: z
    .partialRecord(Role, Preferred)
    .describe('planner, builder or architect: the engine, or several in order of preference, before default'),
  fallback: z
    .array(EngineName)
    .describe(
      'engines that go on, in this order, where the provider of those that were chosen is down or out of quota',
    ),
  commands: z.record(EngineName, CommandEngine).describe('engines that are programs, by name'),
  agents: z
    .record(EngineName, AcpAgent)
    .describe('engines that are coding agents which speak the Agent Client Protocol, by name'),
  models: z.record(EngineName, ModelEngine).describe('engines that are models behind an API, by name'),
});
