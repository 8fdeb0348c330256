import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is in a file, or `null` where there is none to read. */
export const readText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** Names in a folder in a fixed order, or `null` where there is no folder. */
export const namesIn = (folder: string): readonly string[] | null => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return null;
  }
};

/** `<folder>/*<ending>`. */
export const filesIn = (folder: string, ending = ''): readonly string[] =>
  (namesIn(folder) ?? []).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));

/** `<folder>/*\/<name>`, of those that are there. */
export const filesBelow = (folder: string, name: string): readonly string[] =>
  (namesIn(folder) ?? []).map((child) => join(folder, child, name));
