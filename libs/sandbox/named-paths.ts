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

/** Absolute paths in a command line, quoted or not. */
const PATHS = /(?<=^|[\s'"=])\/[^\s'"]+/g;

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
export const namedPaths = ({ file, args }: Program, path: string, home: string): readonly string[] => {
  const found = findProgram(file, path);
  const words = args.flatMap((arg) => arg.match(PATHS) ?? []).filter((word) => existsSync(word));
  return [...new Set([...(found === null ? [] : [found]), ...words].flatMap((word) => withNeighbours(word, home)))];
};
