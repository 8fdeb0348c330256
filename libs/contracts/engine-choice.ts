import * as z from 'zod';
import { Role } from './ids.ts';

export const EngineName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, { error: 'expected a name of lower case letters, digits, _ and -' });

const NAME = '(?:(?:architect|planner|builder)=)?[a-z][a-z0-9_-]{0,62}';

/**
 * Engines in order of preference, as a goal or a plan names them: `claude,model`. Names after a role are for this role
 * alone: `planner=model,builder=claude,codex`. `auto` stands for whatever is configured.
 */
export const EngineChoice = z
  .string()
  .trim()
  .max(400)
  .regex(new RegExp(`^${NAME}(?: ?, ?${NAME})*$`), {
    error:
      'expected names of engines, the preferred first: "claude,model", or a role each: "planner=model,builder=claude"',
  });

/** What a choice says: of every role, and of some. */
interface EnginePreferences {
  readonly all: readonly string[];
  readonly roles: Readonly<Partial<Record<Role, readonly string[]>>>;
}

/** A choice that was parsed, taken apart. */
const readEngineChoice = (choice: string): EnginePreferences => {
  const all: string[] = [];
  const roles: Partial<Record<Role, string[]>> = {};
  let names = all;
  for (const part of choice.split(',')) {
    const [before, after] = part.trim().split('=') as [string, string | undefined];
    if (after !== undefined) {
      const role = Role.parse(before);
      names = roles[role] ?? [];
      roles[role] = names;
    }
    names.push(after ?? before);
  }
  return { all, roles };
};

/** Those that a choice names for a role, or `null`: it says nothing about it. */
export const enginesFor = (choice: string | null | undefined, role: Role): readonly string[] | null => {
  if (!choice) return null;
  const { all, roles } = readEngineChoice(choice);
  const names = roles[role] ?? all;
  return names.length > 0 ? names : null;
};

/** Every engine that a choice names, once. */
export const namedEngines = (choice: string | null | undefined): readonly string[] => {
  if (!choice) return [];
  const { all, roles } = readEngineChoice(choice);
  return [...new Set([...all, ...Object.values(roles).flat()])].filter((name) => name !== 'auto');
};
