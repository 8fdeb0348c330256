import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, type GitScope, git } from './git.ts';

/** What a folder without a `.gitignore` of its own must never have in its history. */
export const NEVER_KEPT = ['/.studio/', 'node_modules/', '.venv/', '__pycache__/', '.env', ''].join('\n');

const nameFor = (place: string): string => createHash('sha256').update(place).digest('hex').slice(0, 24);

/** The only history of a folder without git. */
export const ownGitDir = (studioDir: string, folder: string): string => join(studioDir, 'repos', nameFor(folder));

/** The copy of a git URL: all of it can be fetched again. */
export const copyDir = (studioDir: string, url: string): string => join(studioDir, 'remotes', nameFor(url));

/**
 * Makes a repository of Studio's own, without a checkout. Two processes may do so at once: one wins, both use the same.
 * @param exclude what its history never has, as lines of a `.gitignore`
 */
export const ensureOwnRepository = async (gitDir: string, exclude: string, signal?: AbortSignal): Promise<void> => {
  if (await stat(gitDir).catch(() => null)) return;
  const draft = `${gitDir}.${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  await git({ cwd: draft }, ['init', '-q', '--bare', '--initial-branch=folder', draft], { signal });
  await mkdir(join(draft, 'info'), { recursive: true });
  await writeFile(join(draft, 'info', 'exclude'), exclude);
  await rename(draft, gitDir).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await stat(gitDir).catch(() => null))) throw error;
  });
};

export const isIgnored = async (checkout: GitScope, path: string, signal?: AbortSignal): Promise<boolean> =>
  (await askGit(checkout, ['check-ignore', '-q', '--', path], { signal })).exitCode === 0;
