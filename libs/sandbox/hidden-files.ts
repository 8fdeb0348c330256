import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin, type Mount } from './mounts.ts';

const MOST_LINES = 200;
const MOST_FILES = 5;

/** How programs say that they did not find a file. */
const NOT_FOUND = /ENOENT|no such file|not found|cannot find|can't open|cannot open|MODULE_NOT_FOUND/i;
const ABSOLUTE = /(?<![\w./~-])(?:\/[\w.@+~-]+)+/g;

/** Whether a program in the sandbox sees what lies there outside. */
const isSeen = (path: string, mounts: readonly Mount[]): boolean => {
  const over = mounts.filter((mount) => isWithin(path, mount.path));
  const [nearest] = over.toSorted((a, b) => b.path.length - a.path.length);
  if (nearest === undefined) return false;
  if (nearest.kind === 'link') return true;
  if (nearest.kind !== 'read' && nearest.kind !== 'write') return false;
  const { path: at, source = at } = nearest;
  return source === at || existsSync(join(source, path.slice(at.length)));
};

const realOf = (path: string): string | null => {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};

/** Files that a program says are not there, and that are: the sandbox does not show them. */
export const hiddenFiles = (output: string, mounts: readonly Mount[]): readonly string[] => {
  const lines = output.split('\n').slice(-MOST_LINES);
  const named = lines.filter((line) => NOT_FOUND.test(line)).flatMap((line) => line.match(ABSOLUTE) ?? []);
  const files = [...new Set(named)].filter((path) => {
    const real = realOf(path);
    return real !== null && !isSeen(real, mounts) && !isSeen(path, mounts);
  });
  return files.slice(0, MOST_FILES);
};
