import * as z from 'zod';
import { AcpAgent } from './agents.ts';
import { ModelEngine } from './models.ts';

const EngineName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, { error: 'expected a name of lower case letters, digits, _ and -' });

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
  default: z.string().min(1).describe('engine of a goal that names none; auto takes the best that is configured'),
  commands: z.record(EngineName, CommandEngine).describe('engines that are programs, by name'),
  agents: z
    .record(EngineName, AcpAgent)
    .describe('engines that are coding agents which speak the Agent Client Protocol, by name'),
  models: z.record(EngineName, ModelEngine).describe('engines that are models behind an API, by name'),
});
