import * as z from 'zod';
import { RegularExpression } from '#contracts';
import { ForbiddenCommand } from '#engines';
import { type KnownPlaces, shellCommands } from './shell-commands.ts';

export const ForbiddenRule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*\.[a-z][a-z-]*$/, { error: 'the id of a rule looks like git.push-forced' }),
  /** Matched with each pipeline of a line, as `shellCommands` writes it. */
  pattern: RegularExpression,
  why: z.string().min(1).describe('ends the sentence: it was not run, because it …'),
});
export type ForbiddenRule = z.infer<typeof ForbiddenRule>;

/** `data/forbidden-commands.yaml`. */
export const ForbiddenCommands = z.strictObject({
  rules: z.array(ForbiddenRule).refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, {
    error: 'every rule has an id of its own',
  }),
});

/** Of a command in a message: enough to know it again. */
const SHOWN = 200;

/**
 * @returns a check of a command before it runs. It reads the command line, not what a program does: it stops accidents
 * and blunt attacks, and is no sandbox.
 */
export const createCommandCheck = (
  rules: readonly ForbiddenRule[],
  places: KnownPlaces,
  redact: (text: string) => string,
): ((command: string) => void) => {
  const compiled = rules.map(({ pattern, ...rule }) => ({ ...rule, expression: new RegExp(pattern) }));
  return (line) => {
    for (const command of shellCommands(line, places)) {
      const rule = compiled.find(({ expression }) => expression.test(command));
      if (!rule) continue;
      throw new ForbiddenCommand(
        `security violation: a command was not run, because it ${rule.why} (rule ${rule.id}): ${redact(line).slice(0, SHOWN)}`,
        { rule: rule.id },
      );
    }
  };
};
