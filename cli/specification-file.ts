import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { InvalidInput } from '#contracts';
import type { Io } from './io.ts';

const MARKDOWN: ReadonlySet<string> = new Set(['.md', '.markdown']);

/** What was typed as a goal, and the specification where it names one. */
export interface GoalText {
  readonly goal: string;
  readonly specification?: string;
}

/** One word that ends like Markdown is a file: `Tidy up the README.md` is a goal. */
const isFile = (text: string): boolean => MARKDOWN.has(extname(text).toLowerCase()) && !/\s/.test(text);

const titleOf = (specification: string): string | undefined =>
  /^#[ \t]+(\S.*?)[ \t#]*$/m.exec(specification)?.[1]?.slice(0, 200);

/**
 * A goal as it is, or a specification with its first heading as the goal.
 * @throws {InvalidInput} the file cannot be read, or says nothing
 */
export const readGoalText = async (typed: string, io: Io): Promise<GoalText> => {
  const text = typed.trim();
  if (!isFile(text)) return { goal: typed };
  const path = resolve(io.cwd, text);
  const specification = await readFile(path, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInput('no specification', [`${path} cannot be read (${reason})`]);
  });
  if (specification.trim() === '') throw new InvalidInput('no specification', [`${path} is empty`]);
  return { goal: titleOf(specification) ?? `Build what ${basename(path)} says`, specification };
};
