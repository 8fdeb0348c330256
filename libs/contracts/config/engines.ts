import * as z from 'zod';
import { EngineName } from '../engine-choice.ts';
import { Role } from '../ids.ts';
import { AcpAgent, AgentPresetName } from './agents.ts';
import { ModelEngine } from './models.ts';

/** A list is in order of preference: where the first cannot go on, the next one does. */
const Preferred = z.union([EngineName, z.array(EngineName).min(1)], {
  error: 'expected the name of an engine, or a list of names',
});

/** A program that an engine runs: JSON on stdin, JSON lines on stdout; or a coding agent that is known. */
const CommandEngine = z
  .strictObject({
    command: z
      .string()
      .min(1)
      .optional()
      .describe('shell command; the request comes on its stdin as one JSON document'),
    preset: AgentPresetName.optional().describe(
      'instead of a command: a coding agent on the PATH, asked in its own way',
    ),
    args: z.array(z.string()).optional().describe('to a preset: more arguments for its program, as --model'),
    can: z
      .array(z.enum(['plan', 'work', 'decompose']))
      .min(1)
      .default(['plan', 'work'])
      .describe('what the program is able to do'),
    timeout_s: z.number().positive().max(86_400).default(1_800).describe('seconds after which one request is ended'),
    silence_s: z
      .number()
      .positive()
      .max(86_400)
      .default(600)
      .describe('of a preset: seconds without a line of output after which a request is ended'),
  })
  .refine(({ command, preset }) => (command === undefined) !== (preset === undefined), {
    error: 'name either a command or a preset',
  });

/** Work that a person, or an agent that somebody else runs, takes, does and hands in. */
const HumanEngine = z.strictObject({
  lease_s: z
    .number()
    .min(1)
    .max(30 * 86_400)
    .describe('seconds for which who took work holds it; then it is free again, unless it was renewed'),
  work_s: z
    .number()
    .nonnegative()
    .max(365 * 86_400)
    .describe(
      'seconds for which work waits to be handed in; then another engine or a decision is asked for; 0: for ever',
    ),
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
  allow: z
    .array(AgentPresetName)
    .describe('coding agents on the PATH that may be used, on the account of whoever is logged in to them'),
  deny: z.array(AgentPresetName).describe('coding agents on the PATH that are not to be offered'),
  human: HumanEngine.describe('the engine `human`, which is used where it is named'),
  commands: z.record(EngineName, CommandEngine).describe('engines that are programs, by name'),
  agents: z
    .record(EngineName, AcpAgent)
    .describe('engines that are coding agents which speak the Agent Client Protocol, by name'),
  models: z.record(EngineName, ModelEngine).describe('engines that are models behind an API, by name'),
});
