import { join } from 'node:path';
import { shellWord } from '#contracts';
import type { Place } from './branches.ts';
import { askGit, type GitScope, git } from './git.ts';
import { OWN_FILES } from './own-files.ts';
import { fetchBase, listServerRefs, missingCommits } from './remote/fetch.ts';
import { moveServerBranch } from './remote/push.ts';
import { type FolderRepository, findRepository, type RemoteRepository, repositoryToRead } from './repository.ts';
import { folderTree } from './snapshot.ts';

export interface ApplyRequest extends Place {
  readonly branch: string;
  readonly base: string;
  /** The verified head of the branch. */
  readonly commit: string;
}

/** A refusal changes nothing; `command` is how a person does it by hand. */
export type ApplyResult =
  | { readonly applied: true; readonly into: string }
  | { readonly applied: false; readonly reason: string; readonly command: string };

/**
 * Brings the verified commit into the person's own folder: only where that is a fast-forward on a clean tree, so that
 * nothing of theirs can be lost or mixed in. Safe to repeat.
 */
export const applyBranch = async (request: ApplyRequest): Promise<ApplyResult> => {
  const repository = await findRepository(request);
  if (repository.remote !== null) return offerBranch(repository, request);
  return repository.private ? applyToFolder(repository, request) : applyToCheckout(repository, request);
};

const applyToCheckout = async (
  { checkout }: FolderRepository,
  { branch, commit, signal }: ApplyRequest,
): Promise<ApplyResult> => {
  const command = `git -C ${shellWord(checkout.workTree)} merge ${shellWord(branch)}`;
  const refuse = (reason: string): ApplyResult => ({ applied: false, reason, command });
  const current = await askGit(checkout, ['symbolic-ref', '-q', '--short', 'HEAD'], { signal });
  const into = current.stdout.trim();
  if (current.exitCode !== 0) return refuse('the folder is not on a branch (detached HEAD)');
  if (await isAncestor(checkout, commit, 'HEAD', signal)) return { applied: true, into };
  const changes = await git(
    checkout,
    ['status', '--porcelain', '-z', '--untracked-files=no', '--', ':/', ...OWN_FILES],
    { signal },
  );
  if (changes !== '') return refuse(`there are uncommitted changes on ${into}: commit or stash them first`);
  if (!(await isAncestor(checkout, 'HEAD', commit, signal))) {
    return refuse(`${into} has moved on since the work began, so this is a merge and not a fast-forward`);
  }
  const merged = await askGit(checkout, ['merge', '--ff-only', '-q', commit], { signal });
  if (merged.exitCode === 0) return { applied: true, into };
  return refuse(`git refused the fast-forward of ${into}: ${merged.stderr.trim()}`);
};

/**
 * Whether what is checked out in the person's folder contains a commit; of a git URL, what work there begins at now.
 * @returns `null` where git cannot say: the folder has none of its own, or not this commit
 */
export const isCheckedOut = async ({
  commit,
  ...place
}: Place & { readonly commit: string }): Promise<boolean | null> => {
  const repository = await repositoryToRead(place);
  if (!repository) return null;
  // Of a folder without git nothing is checked out: what was not applied is not there.
  if (repository.private) return false;
  const head = repository.remote === null ? 'HEAD' : await fetchBase(repository, place);
  const { exitCode } = await askGit(repository.checkout, ['merge-base', '--is-ancestor', commit, head], place);
  return exitCode > 1 ? null : exitCode === 0;
};

const isAncestor = async (scope: GitScope, older: string, newer: string, signal?: AbortSignal) =>
  (await askGit(scope, ['merge-base', '--is-ancestor', older, newer], { signal })).exitCode === 0;

const applyToFolder = async (
  repository: FolderRepository,
  { base, commit, signal }: ApplyRequest,
): Promise<ApplyResult> => {
  const { checkout } = repository;
  const trees = ['rev-parse', `${base}^{tree}`, `${commit}^{tree}`];
  const [now, output] = await Promise.all([folderTree(repository, signal), git(checkout, trees, { signal })]);
  const [before, after] = output.split('\n');
  if (now === after) return { applied: true, into: checkout.workTree };
  const scope = { ...checkout, index: join(checkout.gitDir, 'index') };
  const command = `git --git-dir=${shellWord(checkout.gitDir)} diff ${base} ${commit} | git -C ${shellWord(checkout.workTree)} apply --3way`;
  if (now !== before) {
    return { applied: false, reason: 'files of the folder have changed since the work began', command };
  }
  await git(scope, ['read-tree', '-m', '-u', base, commit], { signal });
  return { applied: true, into: checkout.workTree };
};

/** Nobody's own branch is moved on a server. The one of the run is there, also where it could not be moved before. */
const offerBranch = async (
  repository: RemoteRepository,
  { branch, commit, signal }: ApplyRequest,
): Promise<ApplyResult> => {
  const { url } = repository.remote;
  const command = `git fetch ${shellWord(url)} ${shellWord(branch)} && git merge FETCH_HEAD`;
  const [there] = await listServerRefs(repository, [`refs/heads/${branch}`], { signal });
  const from = there?.commit ?? null;
  const missing = await missingCommits(repository, from === null ? [commit] : [commit, from], { signal });
  const isBehind =
    from !== null && missing.length === 0 && (await isAncestor(repository.checkout, from, commit, signal));
  const move = { branch, to: commit, from: isBehind ? [from] : [] };
  const moved = await moveServerBranch(repository, move, { signal });
  return moved.outcome === 'conflict'
    ? { applied: false, reason: `${branch} at ${url} was moved by somebody else; verified is ${commit}`, command }
    : { applied: false, reason: `a git URL has no checkout to change: ${branch} is at ${url}, verified`, command };
};
