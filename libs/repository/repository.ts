import { access, constants, realpath, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type GitUrl, gitUrlOf } from '#contracts';
import { WorkspaceError } from './errors.ts';
import { askGit, type GitScope, git, gitFailed } from './git.ts';
import { copyDir, ensureOwnRepository, isIgnored, NEVER_KEPT, ownGitDir } from './private-repository.ts';

/** The repository that keeps a folder's history, and the part of it that the person named. */
export interface FolderRepository {
  /** Shared by all worktrees: objects and refs live here. */
  readonly gitDir: string;
  /** The person's own checkout: nothing but `applyBranch` writes there. */
  readonly checkout: GitScope & { readonly gitDir: string; readonly workTree: string };
  /** The named folder, relative to the top of the work tree; empty at the top. */
  readonly prefix: string;
  /** The folder has no git: Studio keeps this repository, with the folder as its work tree. */
  readonly private: boolean;
  readonly remote: null;
}

/** This machine's copy of the repository at a git URL. There is no checkout of anybody. */
export interface RemoteRepository {
  readonly gitDir: string;
  readonly checkout: GitScope & { readonly gitDir: string };
  readonly prefix: '';
  readonly private: false;
  readonly remote: GitUrl;
}

export type Repository = FolderRepository | RemoteRepository;

export interface RepositoryRequest {
  /** A folder, or a git URL. */
  readonly root: string;
  readonly studioDir: string;
  readonly signal?: AbortSignal | undefined;
}

const copyOf = (remote: GitUrl, studioDir: string): RemoteRepository => {
  const gitDir = copyDir(studioDir, remote.url);
  return { gitDir, checkout: { cwd: gitDir, gitDir }, prefix: '', private: false, remote };
};

/**
 * Of a git URL it is this machine's copy, perhaps an empty one: what is needed of it is fetched where it is needed.
 * @throws {WorkspaceError} when the folder is not there, not readable, or is no place where work can be done
 */
export const findRepository = async ({ root, studioDir, signal }: RepositoryRequest): Promise<Repository> => {
  const remote = gitUrlOf(root);
  if (remote === null) return findFolder({ root, studioDir, signal });
  const copy = copyOf(remote, studioDir);
  await ensureOwnRepository(copy.gitDir, '', signal);
  return copy;
};

/** @throws {WorkspaceError} as {@link findRepository} does, for a folder */
export const findFolder = async ({ root, studioDir, signal }: RepositoryRequest): Promise<FolderRepository> => {
  const folder = await readableFolder(root);
  const located = await locate(folder, signal);
  if (located !== null && !(located.prefix !== '' && (await isIgnored(located.checkout, folder, signal)))) {
    return located;
  }
  // No git here, or a folder that the repository around it ignores: a project of its own that git knows nothing about.
  const gitDir = ownGitDir(studioDir, folder);
  await ensureOwnRepository(gitDir, NEVER_KEPT, signal);
  return { gitDir, checkout: { cwd: folder, gitDir, workTree: folder }, prefix: '', private: true, remote: null };
};

/** The same without making anything: `null` where the folder is gone, or nothing was ever kept for it. */
export const knownRepository = async (request: RepositoryRequest): Promise<Repository | null> => {
  const { root, studioDir } = request;
  const remote = gitUrlOf(root);
  if (remote !== null) {
    const copy = copyOf(remote, studioDir);
    return (await stat(copy.gitDir).catch(() => null)) === null ? null : copy;
  }
  const folder = await realpath(root).catch(() => null);
  if (folder === null) return null;
  const isKept = (await stat(ownGitDir(studioDir, folder)).catch(() => null)) !== null;
  return isKept || (await hasGitAbove(folder)) ? findRepository(request).catch(() => null) : null;
};

/**
 * To look at commits: nothing is made for a folder that nothing was kept for. A git URL can be looked at from any machine.
 */
export const repositoryToRead = (request: RepositoryRequest): Promise<Repository | null> =>
  gitUrlOf(request.root) === null ? knownRepository(request) : findRepository(request);

const readableFolder = async (root: string): Promise<string> => {
  const details = { root, host: hostname() };
  try {
    const folder = await realpath(root);
    if (!(await stat(folder)).isDirectory()) {
      throw new WorkspaceError('not_a_folder', `${root} is a file: name the folder of the project`, details);
    }
    await access(folder, constants.R_OK | constants.X_OK);
    return folder;
  } catch (error) {
    if (error instanceof WorkspaceError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : null;
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? new WorkspaceError(
          'not_found',
          `there is no folder ${root} on host ${details.host}: name one that exists there`,
          details,
          { cause: error },
        )
      : new WorkspaceError(
          'unreadable',
          `the folder ${root} cannot be read on host ${details.host}: give Studio the right to read it`,
          details,
          { cause: error },
        );
  }
};

const locate = async (folder: string, signal?: AbortSignal): Promise<FolderRepository | null> => {
  const scope = { cwd: folder };
  const args = ['rev-parse', '--path-format=absolute', '--is-bare-repository'];
  const places = ['--git-common-dir', '--absolute-git-dir', '--show-toplevel'];
  const found = await askGit(scope, [...args, ...places], { signal });
  const [bare, ...lines] = found.stdout.split('\n');
  if (found.exitCode !== 0) {
    if (bare === 'true') throw unusable('bare_repository', folder, 'is a bare repository: name a checkout of it');
    if (bare === 'false') throw unusable('inside_git', folder, 'lies inside a .git folder: name the folder above it');
    if (await hasGitAbove(folder)) throw gitFailed(args, scope, found);
    return null;
  }
  if (bare === 'true') throw unusable('bare_repository', folder, 'is a bare repository: name a checkout of it');
  // A path with a line break in it makes the lines ambiguous; then each is asked for alone.
  const [gitDir = '', own = '', top = ''] =
    lines.length === 4 ? lines : await Promise.all(places.map((place) => askPath(scope, place, signal)));
  const checkout = { cwd: top, gitDir: own, workTree: top };
  return { gitDir, checkout, prefix: relative(top, folder), private: false, remote: null };
};

const askPath = async (scope: GitScope, place: string, signal?: AbortSignal) =>
  (await git(scope, ['rev-parse', '--path-format=absolute', place], { signal })).slice(0, -1);

const unusable = (problem: 'bare_repository' | 'inside_git', folder: string, why: string) =>
  new WorkspaceError(problem, `${folder} ${why}`, { root: folder, host: hostname() });

/** Tells "no repository" from "a repository that git refuses to read". */
const hasGitAbove = async (folder: string): Promise<boolean> => {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(join(at, '.git')).catch(() => null)) return true;
    if (at === dirname(at)) return false;
  }
};
