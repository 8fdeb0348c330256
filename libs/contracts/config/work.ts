import * as z from 'zod';
import type { Gate } from '../ids.ts';
import { RegularExpression } from '../regular-expression.ts';

const GateChoice = z
  .union([z.literal('auto'), z.literal(false), z.string().min(1)], { error: 'expected auto, false, or a command' })
  .describe('auto discovers the command, false leaves the gate out, any other text is the command');

export const Gates = z.strictObject({
  lint: GateChoice,
  typecheck: GateChoice,
  test: GateChoice,
  security: GateChoice,
  timeout_s: z.number().positive().max(86_400).describe('seconds after which a gate counts as failed'),
  red_first: z
    .enum(['require', 'mark', 'off'])
    .describe(
      'checks that must pass are shown failing on the base commit first: mark says of one that passes there that it proves nothing, require asks a person about it, off does not look',
    ),
} satisfies Record<Gate, z.ZodType> & { timeout_s: z.ZodType; red_first: z.ZodType });

export const Browser = z.strictObject({
  program: z
    .union([z.literal('auto'), z.literal(false), z.string().min(1)], { error: 'expected auto, false, or a program' })
    .describe(
      'opens the pages of browser checks: auto takes a Chromium, Chrome, Edge or Brave that is installed, false none; else a program on the PATH, or an absolute path of one',
    ),
});

export const Workspace = z.strictObject({
  setup: z
    .union([z.literal('auto'), z.literal(false), z.string().min(1)], { error: 'expected auto, false, or a command' })
    .describe(
      'prepares a fresh worktree: auto follows the lock file, false does nothing, any other text is the command',
    ),
  copy: z.array(z.string().min(1)).describe('files that git ignores but the work needs, as globs'),
  command_timeout_s: z.number().positive().max(86_400).describe('seconds after which a command of a step is ended'),
});

export const Security = z.strictObject({
  forbid: z
    .array(z.strictObject({ pattern: RegularExpression, why: z.string().min(1) }))
    .describe('commands that end a run at once before they run, beside those of data/forbidden-commands.yaml'),
  allow: z.array(z.string().min(1)).describe('rules of data/forbidden-commands.yaml that are not in force, by id'),
  secret_files: z
    .array(z.string().min(1))
    .describe('files that may hold what looks like a secret, as globs: keys of tests, certificates of examples'),
});

export const Redact = z.strictObject({
  patterns: z
    .array(z.string().min(1))
    .describe('regular expressions; what they match is never shown, logged or stored'),
});

export const Env = z.strictObject({
  allow: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable' }))
    .describe('environment variables that commands may see, by name'),
});
