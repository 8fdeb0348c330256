import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkspaceError } from './errors.ts';
import { askGit, type GitOptions, type GitScope, git, gitFailed } from './git.ts';
import type { FolderRepository } from './repository.ts';

/** How git says (in English, which `LC_ALL=C` makes sure of) that it met a repository inside the work tree. */
const NESTED = /adding embedded git repository: (.+)|'(.+)' does not have a commit checked out/g;

/** What package managers fill. Nobody means to commit it, and many a repository has no `.gitignore` that says so. */
const DEPENDENCY_FOLDERS = ['node_modules', '.venv'];

/** The dependency folders, wherever they lie, that the index holds no file of: a few repositories do commit theirs. */
export const untrackedDependencies = async (scope: GitScope, options: GitOptions = {}): Promise<readonly string[]> => {
  const tracked = await git(scope, ['ls-files', '-z', '--', ...DEPENDENCY_FOLDERS.map(inAnyFolder)], options);
  const parts = new Set(tracked.split('\0').flatMap((path) => path.split('/')));
  return DEPENDENCY_FOLDERS.filter((name) => !parts.has(name));
};

const inAnyFolder = (name: string): string => `:(top,glob)**/${name}/**`;

/**
 * Stages everything the work tree holds, but for what git ignores and for dependencies that are not in git already.
 * @throws {WorkspaceError} `nested_repository`: git would keep a pointer to its commit and none of its files
 */
export const stageAll = async (scope: GitScope, exclude: readonly string[] = [], options: GitOptions = {}) => {
  const [dependencies, submodules] = await Promise.all([
    untrackedDependencies(scope, options),
    filledSubmodules(scope, options),
  ]);
  const args = [
    ...['add', '-A', '--', '.', ...[...exclude, ...submodules].map((path) => `:(exclude,top,literal)${path}`)],
    // The folder, or a link to one.
    ...dependencies.flatMap((name) => [`:(exclude,top,glob)**/${name}/**`, `:(exclude,top,glob)**/${name}`]),
  ];
  const result = await askGit(scope, args, options);
  const nested = [...result.stderr.matchAll(NESTED)].map((match) => (match[1] ?? match[2] ?? '').replace(/\/$/, ''));
  const [folder] = nested;
  if (folder !== undefined) {
    // Or the next call would find them staged already, and say nothing.
    await git(scope, ['update-index', '--force-remove', '--', ...nested], options);
    throw new WorkspaceError(
      'nested_repository',
      `${folder} is a git repository of its own, so its files would not be in the commit: delete ${folder}/.git, or add ${folder} to .gitignore`,
      { folder },
    );
  }
  if (result.exitCode !== 0) throw gitFailed(args, scope, result);
  const top = { ...scope, cwd: scope.workTree ?? scope.cwd };
  if (submodules.length > 0) await git(top, ['update-index', '--', ...submodules], { ...options, accept: [1, 128] });
};

/**
 * Submodules that somebody filled, from the top. To look for changes in one, `git add` would run git in it, with the
 * filters and monitors that its own settings name: a program of whoever wrote them, outside of every sandbox. Which
 * commit it stands at is read without.
 */
const filledSubmodules = async (scope: GitScope, options: GitOptions): Promise<readonly string[]> => {
  const listed = await git(scope, ['ls-files', '-s', '-z', '--full-name', '--', ':/'], options);
  const paths = listed
    .split('\0')
    .flatMap((entry) => (entry.startsWith('160000 ') ? entry.split('\t', 2)[1] : []) ?? []);
  return paths.filter((path) => existsSync(join(scope.workTree ?? scope.cwd, path, '.git')));
};

export const writeTree = async (scope: GitScope, options: GitOptions = {}): Promise<string> =>
  (await git(scope, ['write-tree'], options)).trim();

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

export const commitTree = async (scope: GitScope, commit: NewCommit, options: GitOptions = {}): Promise<string> => {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return (
    await git(scope, ['commit-tree', commit.tree, ...parents], { ...options, input: `${commit.message}\n` })
  ).trim();
};

/**
 * The tree of what lies in the person's folder now, tracked or not. Neither the folder nor its index is touched: a copy
 * of the index is used, so that unchanged files are not read again.
 */
export const folderTree = async (
  { checkout, private: own }: FolderRepository,
  signal?: AbortSignal,
): Promise<string> => {
  const index = join(checkout.gitDir, 'index');
  const draft = join(checkout.gitDir, `index.studio-${randomUUID()}`);
  await copyFile(index, draft).catch(() => undefined);
  const scope = { ...checkout, index: draft };
  try {
    await stageAll(scope, [], { signal });
    const tree = await writeTree(scope, { signal });
    if (own) await rename(draft, index);
    return tree;
  } finally {
    await rm(draft, { force: true });
  }
};

/** Uncommitted and untracked changes of a checkout, as a commit on top of its HEAD. */
export const snapshotCheckout = async (
  repository: FolderRepository,
  head: string,
  signal?: AbortSignal,
): Promise<string> => {
  const tree = await folderTree(repository, signal);
  const message = 'Uncommitted changes of the workspace';
  return commitTree(repository.checkout, { tree, parents: [head], message }, { signal });
};

const LAST_SNAPSHOT = 'refs/heads/folder';

/** The folder of a private repository as a commit; the same one again while nothing has changed. */
export const snapshotFolder = async (repository: FolderRepository, signal?: AbortSignal): Promise<string> => {
  const { checkout } = repository;
  const [tree, last] = await Promise.all([
    folderTree(repository, signal),
    git(checkout, ['for-each-ref', '--format=%(objectname) %(tree)', LAST_SNAPSHOT], { signal }),
  ]);
  const [commit, lastTree] = last.trim().split(' ');
  if (commit && lastTree === tree) return commit;
  const parents = commit ? [commit] : [];
  const next = await commitTree(checkout, { tree, parents, message: 'The folder as it was found' }, { signal });
  await git(checkout, ['update-ref', LAST_SNAPSHOT, next], { signal });
  return next;
};
