import * as z from 'zod';

/** Agents that speak the Agent Client Protocol, and of which is known how. */
export const AgentPresetName = z.enum(['claude', 'codex', 'gemini', 'qwen', 'opencode']);
export type AgentPresetName = z.infer<typeof AgentPresetName>;

/** Kinds of what an agent may ask for. Whatever has no kind of its own is `other`. */
export const PermittedKind = z.enum(['read', 'edit', 'delete', 'move', 'search', 'execute', 'fetch', 'other']);
export type PermittedKind = z.infer<typeof PermittedKind>;

export const PermissionAnswer = z.enum(['allow', 'deny', 'ask'], { error: 'expected allow, deny or ask' });
export type PermissionAnswer = z.infer<typeof PermissionAnswer>;

export const PermissionRules = z.union([PermissionAnswer, z.partialRecord(PermittedKind, PermissionAnswer)], {
  error: `expected allow, deny, ask, or one of these for each of ${PermittedKind.options.join(', ')}`,
});
export type PermissionRules = z.infer<typeof PermissionRules>;

/** A program that speaks the Agent Client Protocol. */
export const AcpAgent = z
  .strictObject({
    preset: AgentPresetName.optional().describe('what is known about an agent: command, mode, environment, usage'),
    command: z.string().min(1).optional().describe('shell command of the agent; with a preset, where it is installed'),
    mode: z.string().min(1).optional().describe("mode in which it works, as the agent names it; default: the preset's"),
    permissions: PermissionRules.default('allow').describe(
      'what it may do when it asks: allow, deny, ask a person, or one of these by kind; a kind that is not named is other, and without other denied',
    ),
    unattended: PermissionAnswer.default('deny').describe(
      'what becomes of ask in a run that nobody attends: allow, deny, or ask whoever looks into the inbox',
    ),
    env: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable' }))
      .default([])
      .describe('environment variables that the agent may see, by name, beside those of env.allow and of its preset'),
    timeout_s: z
      .number()
      .positive()
      .max(86_400)
      .default(1_800)
      .describe('seconds after which one request is ended; the time that a person takes to answer does not count'),
    silence_s: z
      .number()
      .positive()
      .max(86_400)
      .default(600)
      .describe('seconds without a sign of life after which a request is ended'),
    can: z
      .array(z.enum(['plan', 'work', 'decompose']))
      .min(1)
      .default(['plan', 'work', 'decompose'])
      .describe('what the agent is used for'),
  })
  .refine(({ preset, command }) => preset !== undefined || command !== undefined, {
    error: 'name a preset, a command, or both',
  });
export type AcpAgent = z.infer<typeof AcpAgent>;
