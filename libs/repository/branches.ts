import { WorkspaceError } from './errors.ts';
import { askGit, type GitScope, git, gitFailed } from './git.ts';
import { fetchCommits, listServerRefs, missingCommits } from './remote/fetch.ts';
import { deleteServerRefs, moveServerBranch, pushRefs } from './remote/push.ts';
import { findRepository, type RemoteRepository } from './repository.ts';

/** `root` is a folder, or a git URL. */
export interface Place {
  readonly root: string;
  readonly studioDir: string;
  readonly signal?: AbortSignal;
}

/** As an old value it means "must not exist", whatever the length of the repository's hashes. */
const ABSENT = '';
const refOf = (branch: string) => `refs/heads/${branch}`;

export interface MoveBranchRequest extends Place {
  readonly branch: string;
  readonly to: string;
  /** Where the branch may stand, by the log. One that is not there is made. */
  readonly from: readonly string[];
}

/** `conflict`: the branch was left where `found` says, and `why` says who would lose something if it moved. */
export type MoveBranchResult =
  | { readonly outcome: 'moved' | 'already' }
  | { readonly outcome: 'conflict'; readonly found: string | null; readonly why: string };

/** Moves a branch by compare-and-set. Safe to repeat: a branch that is there already is `already`. */
export const moveBranch = async ({ branch, to, from, ...place }: MoveBranchRequest): Promise<MoveBranchResult> => {
  const repository = await findRepository(place);
  const { signal } = place;
  if (repository.remote !== null) return moveServerBranch(repository, { branch, to, from }, { signal });
  const { checkout } = repository;
  const { commit: found, checkedOut } = await readBranch(checkout, branch, signal);
  if (found === to) return { outcome: 'already' };
  if (found !== null && !from.includes(found)) return movedByOthers(branch, found);
  // Under a checkout it would look as if somebody had undone the work, and the next commit there would undo it.
  if (checkedOut !== '') return { outcome: 'conflict', found, why: `${branch} is checked out in ${checkedOut}` };
  const args = ['update-ref', refOf(branch), to, found ?? ABSENT];
  const moved = await askGit(checkout, args, { signal });
  if (moved.exitCode === 0) return { outcome: 'moved' };
  const { commit: now } = await readBranch(checkout, branch, signal);
  if (now === to) return { outcome: 'already' };
  // A run that was brought here from another machine: its commits are in the repository there.
  if ((await askGit(checkout, ['cat-file', '-e', `${to}^{commit}`], { signal })).exitCode !== 0)
    return { outcome: 'conflict', found: now, why: `the repository does not have ${to}` };
  if (now === found) throw gitFailed(args, checkout, moved);
  return movedByOthers(branch, now);
};

const movedByOthers = (branch: string, found: string | null): MoveBranchResult => ({
  outcome: 'conflict',
  found,
  why: `${branch} was moved by somebody else`,
});

const readBranch = async (scope: GitScope, branch: string, signal?: AbortSignal) => {
  const output = await git(scope, ['for-each-ref', '--format=%(objectname) %(worktreepath)', refOf(branch)], {
    signal,
  });
  const at = output.indexOf(' ');
  return { commit: output.slice(0, at) || null, checkedOut: output.slice(at + 1).trimEnd() };
};

export interface StudioRef {
  readonly ref: string;
  readonly commit: string;
}

/** The commits that are kept for an orchestration, or for all of them. */
export const listStudioRefs = async (
  place: Place & { readonly orchestration?: string },
): Promise<readonly StudioRef[]> => {
  const { checkout } = await findRepository(place);
  const under = place.orchestration === undefined ? 'refs/studio/' : `refs/studio/${place.orchestration}/`;
  const output = await git(checkout, ['for-each-ref', '--format=%(objectname) %(refname)', under], place);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ commit: line.slice(0, line.indexOf(' ')), ref: line.slice(line.indexOf(' ') + 1) }));
};

export interface KeepRequest extends Place {
  readonly orchestration: string;
  readonly commits: readonly string[];
}

/**
 * Keeps commits from being collected, under the name of an orchestration. Safe to repeat.
 * @returns the ones that the repository does not have any more
 */
export const keepCommits = async ({ orchestration, commits, ...place }: KeepRequest): Promise<readonly string[]> => {
  const repository = await findRepository(place);
  const missing = await missingCommits(repository, commits, place);
  const found = commits.filter((commit) => !missing.includes(commit));
  const refs = found.map((commit) => [`refs/studio/${orchestration}/kept-${commit}`, commit] as const);
  const input = refs.map(([ref, commit]) => `update ${ref} ${commit}\n`).join('');
  if (found.length > 0) await git(repository.checkout, ['update-ref', '--stdin'], { ...place, input });
  await pushRefs(repository, Object.fromEntries(refs), place);
  return missing;
};

export interface DiscardRequest extends Place {
  readonly branch: string;
  readonly orchestration: string;
  /** The runs of its tasks: their work went into it. */
  readonly tasks?: readonly string[];
}

/**
 * Deletes the branch and everything kept for the orchestration and its tasks.
 * @returns the refs that are gone, `[]` the second time
 * @throws {WorkspaceError} `branch_checked_out`: that checkout would be left on a branch that is not there
 */
export const discardBranch = async (request: DiscardRequest): Promise<readonly string[]> => {
  const repository = await findRepository(request);
  const { checkout } = repository;
  const { branch, orchestration, tasks = [] } = request;
  const under = [refOf(branch), ...[orchestration, ...tasks].map((run) => `refs/studio/${run}/`)];
  const onServer = repository.remote === null ? [] : await discardOnServer(repository, under, request);
  const { checkedOut } = await readBranch(checkout, branch, request.signal);
  if (checkedOut !== '') {
    throw new WorkspaceError(
      'branch_checked_out',
      `${branch} is checked out in ${checkedOut}: switch to another first`,
      {
        branch,
        checkedOut,
      },
    );
  }
  const output = await git(checkout, ['for-each-ref', '--format=%(refname)', ...under], request);
  const refs = output.split('\n').filter((line) => line !== '');
  const input = refs.map((ref) => `delete ${ref}\n`).join('');
  if (refs.length > 0) await git(checkout, ['update-ref', '--no-deref', '--stdin'], { ...request, input });
  return [...new Set([...refs, ...onServer])];
};

/** Of a git URL they lie on the server, whatever of them was ever on this machine. */
const discardOnServer = async (
  repository: RemoteRepository,
  [branch = '', ...kept]: readonly string[],
  { signal }: Place,
): Promise<readonly string[]> => {
  const refs = await listServerRefs(repository, [branch, ...kept.map((folder) => `${folder}*`)], { signal });
  await deleteServerRefs(repository, refs, { signal });
  return refs.map(({ ref }) => ref);
};

export interface DiffRequest extends Place {
  readonly base: string;
  readonly commit: string;
}

/** The difference as a patch that `git apply` takes. */
export const diffOf = async ({ base, commit, ...place }: DiffRequest): Promise<string> => {
  const repository = await findRepository(place);
  await fetchCommits(repository, [base, commit], place);
  const { checkout } = repository;
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--binary', '-M'];
  return git(checkout, ['diff', ...plain, '--src-prefix=a/', '--dst-prefix=b/', base, commit, '--'], place);
};
