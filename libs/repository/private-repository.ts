import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, type GitScope, git } from './git.ts';

/** What a folder without a `.gitignore` of its own must never have in its history. */
const NEVER_KEPT = ['/.studio/', 'node_modules/', '.venv/', '__pycache__/', '.env', ''].join('\n');

export const privateGitDir = (studioDir: string, folder: string): string =>
  join(studioDir, 'repos', createHash('sha256').update(folder).digest('hex').slice(0, 24));

/** Makes the repository of a folder that has none. Two processes may do so at once: one wins, both use the same. */
export const ensurePrivateRepository = async (gitDir: string, folder: string, signal?: AbortSignal): Promise<void> => {
  if (await stat(gitDir).catch(() => null)) return;
  const draft = `${gitDir}.${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  await git({ cwd: folder }, ['init', '-q', '--bare', '--initial-branch=folder', draft], { signal });
  await mkdir(join(draft, 'info'), { recursive: true });
  await writeFile(join(draft, 'info', 'exclude'), NEVER_KEPT);
  await rename(draft, gitDir).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await stat(gitDir).catch(() => null))) throw error;
  });
};

export const isIgnored = async (checkout: GitScope, path: string, signal?: AbortSignal): Promise<boolean> =>
  (await askGit(checkout, ['check-ignore', '-q', '--', path], { signal })).exitCode === 0;
