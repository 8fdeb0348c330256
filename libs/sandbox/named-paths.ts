import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { isWithin } from './mounts.ts';
import type { Program } from './policy.ts';

const findProgram = (name: string, path: string): string | null => {
  if (name.includes('/')) return isAbsolute(name) && existsSync(name) ? name : null;
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // It is elsewhere, or nowhere.
    }
  }
  return null;
};

/** How much of a command line is the program. What follows may be a prompt, and that is not the configuration's. */
const MOST_WORDS = 6;
/** A word of a shell that stands for itself: plain, or in quotes with nothing in them that a shell would replace. */
const LITERAL_WORD = /\s*((?:'[^']*'|"[^"`$\\]*"|[^\s'"`$;&|<>()\\])+)(?=\s|$)/y;

const literalWords = (line: string): readonly string[] => {
  const words: string[] = [];
  LITERAL_WORD.lastIndex = 0;
  for (let found = LITERAL_WORD.exec(line); found && words.length < MOST_WORDS; found = LITERAL_WORD.exec(line))
    words.push((found[1] ?? '').replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  return words;
};

/** The words that say which program is started, up to the first that means something to a shell. */
export const programWords = ({ file, args }: Program): readonly string[] => {
  const isShell = /(?:^|\/)sh$/.test(file) && args[0] === '-c';
  return isShell ? literalWords(args[1] ?? '') : [file, ...args].slice(0, MOST_WORDS);
};

const nearestModules = (folder: string): readonly string[] => {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return [modules];
  return dirname(folder) === folder ? [] : nearestModules(dirname(folder));
};

/** A file with what lies beside it, a folder as it is. */
const withNeighbours = (path: string, home: string): readonly string[] => {
  const real = realpathSync(path);
  if (statSync(real).isDirectory()) return isWithin(home, real) ? [] : [path, real];
  const folder = dirname(real);
  return isWithin(home, folder) || folder === '/tmp' ? [path, real] : [path, folder, ...nearestModules(folder)];
};

/**
 * What a program of the configuration has to read to start: itself, and the files that its command line names. Whoever
 * wrote the configuration named them, so they may be read.
 */
export const namedPaths = (program: Program, path: string, home: string): readonly string[] => {
  const words = programWords(program).map((word) => word.replace(/^~(?=\/)/, home));
  const found = words.slice(0, 2).flatMap((word) => findProgram(word, path) ?? []);
  const named = words.map((word) => word.replace(/^[^/]*=/, '')).filter((word) => isAbsolute(word) && existsSync(word));
  return [...new Set([...found, ...named].flatMap((word) => withNeighbours(word, home)))];
};
