import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit } from '#repository';
import type { EngineContext } from './engine.ts';

/** Enough for a large repository, and bounded in an endless one. */
const MAX_FILES = 20_000;
const LIST_TIMEOUT_MS = 20_000;

const IGNORED_FOLDERS = new Set(['node_modules', '.git', '.studio', 'dist', 'coverage', 'target', 'vendor', '.venv']);

const walk = async (directory: string, folder = ''): Promise<string[]> => {
  const files: string[] = [];
  for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
    if (files.length >= MAX_FILES) break;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && !IGNORED_FOLDERS.has(entry.name)) files.push(...(await walk(directory, path)));
  }
  return files;
};

export type FilesPlace = Pick<EngineContext, 'directory' | 'repository' | 'signal'>;

/** The files git would show, so that whatever the repository ignores is ignored here too; without git, a plain walk. */
export const listFiles = async ({ directory, repository, signal }: FilesPlace): Promise<string[]> => {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]);
  const listed = await askGit(repository ?? { cwd: directory }, args, { signal: limit }).catch(() => null);
  signal.throwIfAborted();
  const files =
    listed?.exitCode === 0 ? listed.stdout.split('\0').filter((path) => path !== '') : await walk(directory);
  return files.sort().slice(0, MAX_FILES);
};
