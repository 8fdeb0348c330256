import { ForbiddenCommand } from '#engines';

/** Commands that are refused wherever they come from: a plan, a recipe, an engine. */
export interface ForbiddenRule {
  readonly pattern: string;
  readonly why: string;
}

/** Of a command in a message: enough to know it again. */
const SHOWN = 200;

/**
 * @returns a check of a command before it runs. It reads the command line, not what a program does: it stops accidents
 * and blunt attacks, and is no sandbox.
 */
export const createCommandCheck = (
  rules: readonly ForbiddenRule[],
  redact: (text: string) => string,
): ((command: string) => void) => {
  const compiled = rules.map(({ pattern, why }) => ({ expression: new RegExp(pattern, 'im'), why }));
  return (command) => {
    const rule = compiled.find(({ expression }) => expression.test(command));
    if (!rule) return;
    throw new ForbiddenCommand(
      `security violation: a forbidden command was not run, because it ${rule.why}: ${redact(command).slice(0, SHOWN)}`,
      { why: rule.why },
    );
  };
};
