import { stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import {
  commitTree,
  fetchCommits,
  findFolder,
  findRepository,
  folderTree,
  git,
  pushRefs,
  WorkspaceError,
} from '#repository';
import { installationNoteOf } from '#runtime';
import { type OpenWorkspaceRequest, openWorkspace } from './open-workspace.ts';
import type { SetUpResult } from './set-up.ts';
import { type LeaseName, removeWorktree, worktreeOf } from './worktree.ts';

/**
 * The folder of whoever does work by hand: a worktree of its own, like that of any lease, but one that outlives the
 * process which made it. Nothing is written into it that is not the project's.
 */
export type HandFolderRequest = Pick<
  OpenWorkspaceRequest,
  'orchestration' | 'lease' | 'root' | 'cacheDir' | 'studioDir' | 'settings' | 'environment' | 'redact' | 'sandboxes'
> & {
  readonly base: string;
  /** What the work begins with. */
  readonly commit: string;
};

type Place = Pick<HandFolderRequest, 'orchestration' | 'lease' | 'root' | 'cacheDir' | 'studioDir'>;

/** @returns the folder, with the project's own commands made to work there as far as they can be */
export const makeHandFolder = async ({
  commit,
  ...request
}: HandFolderRequest): Promise<{ directory: string; setUp: SetUpResult }> => {
  const { signal } = new AbortController();
  const workspace = await openWorkspace({ ...request, from: commit, signal });
  try {
    const setUp = await workspace.setUp();
    await workspace.leave();
    await writeFile(installationNoteOf(worktreeOf(request.cacheDir, request)), resolve(request.studioDir));
    return { directory: workspace.directory, setUp };
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
};

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

/** Where the folder of a lease is on this machine; `null` where it is not. */
export const findHandFolder = async ({ root, studioDir, cacheDir, ...name }: Place): Promise<string | null> => {
  const top = worktreeOf(cacheDir, name);
  if (!(await isThere(join(top, '.git')))) return null;
  const { prefix } = await findRepository({ root, studioDir });
  return join(top, prefix);
};

/**
 * What lies in a folder, tracked or not, as a commit on top of what the work began with; nothing collects it. Neither the
 * folder nor its index is touched.
 * @param directory the folder of the lease, or another worktree of the same repository
 * @throws {WorkspaceError} the folder is not there, or belongs to another repository
 */
export const collectHandFolder = async ({
  directory,
  commit,
  orchestration,
  lease,
  root,
  studioDir,
}: Omit<Place, 'cacheDir'> & { readonly directory: string; readonly commit: string }): Promise<string> => {
  const [repository, own] = await Promise.all([
    findFolder({ root: directory, studioDir }),
    findRepository({ root, studioDir }),
  ]);
  if (repository.gitDir !== own.gitDir)
    throw new WorkspaceError(
      'another_repository',
      `${directory} is no worktree of the repository of ${root}: name the folder that the work was done in`,
      { directory, root, host: hostname() },
    );
  await fetchCommits(own, [commit]);
  const tree = await folderTree(repository);
  const before = (await git(own.checkout, ['rev-parse', `${commit}^{tree}`])).trim();
  if (tree === before) return commit;
  const message = `Handed in under lease ${lease}\n\nfor ${orchestration}`;
  const made = await commitTree(own.checkout, { tree, parents: [commit], message });
  const ref = `refs/studio/${orchestration}/${lease}-0`;
  await git(own.checkout, ['update-ref', ref, made]);
  await pushRefs(own, { [ref]: made });
  return made;
};

export const removeHandFolder = ({ cacheDir, ...name }: LeaseName & { readonly cacheDir: string }): Promise<void> =>
  removeWorktree(worktreeOf(cacheDir, name));
