import { WorkspaceError } from './errors.ts';
import { askGit, type GitScope, git, gitFailed } from './git.ts';
import { findRepository } from './repository.ts';

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
  /** Where the branch is by the log; `null` when it must not exist yet. */
  readonly from: string | null;
}

/** `conflict`: the branch was left where `found` says, and `why` says who would lose something if it moved. */
export type MoveBranchResult =
  | { readonly outcome: 'moved' | 'already' }
  | { readonly outcome: 'conflict'; readonly found: string | null; readonly why: string };

/** Moves a branch by compare-and-set. Safe to repeat: a branch that is there already is `already`. */
export const moveBranch = async ({ branch, to, from, ...place }: MoveBranchRequest): Promise<MoveBranchResult> => {
  const { checkout } = await findRepository(place);
  const { signal } = place;
  const { commit: found, checkedOut } = await readBranch(checkout, branch, signal);
  if (found === to) return { outcome: 'already' };
  // Under a checkout it would look as if somebody had undone the work, and the next commit there would undo it.
  if (checkedOut !== '') return { outcome: 'conflict', found, why: `${branch} is checked out in ${checkedOut}` };
  const args = ['update-ref', refOf(branch), to, from ?? ABSENT];
  const moved = await askGit(checkout, args, { signal });
  if (moved.exitCode === 0) return { outcome: 'moved' };
  const { commit: now } = await readBranch(checkout, branch, signal);
  if (now === to) return { outcome: 'already' };
  // A run that was brought here from another machine: its commits are in the repository there.
  if ((await askGit(checkout, ['cat-file', '-e', `${to}^{commit}`], { signal })).exitCode !== 0)
    return { outcome: 'conflict', found: now, why: `the repository does not have ${to}` };
  if (now === from) throw gitFailed(args, checkout, moved);
  return { outcome: 'conflict', found: now, why: `${branch} was moved by somebody else` };
};

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
  const { checkout } = await findRepository(place);
  const asked = commits.map((commit) => `${commit}^{commit}\n`).join('');
  const answers = await git(checkout, ['cat-file', '--batch-check=%(objecttype)'], { ...place, input: asked });
  const types = answers.trimEnd().split('\n');
  const found = commits.filter((_commit, index) => types[index] === 'commit');
  const input = found.map((commit) => `update refs/studio/${orchestration}/kept-${commit} ${commit}\n`).join('');
  if (found.length > 0) await git(checkout, ['update-ref', '--stdin'], { ...place, input });
  return commits.filter((commit) => !found.includes(commit));
};

export interface DiscardRequest extends Place {
  readonly branch: string;
  readonly orchestration: string;
}

/**
 * Deletes the branch and everything kept for the orchestration.
 * @returns the refs that are gone, `[]` the second time
 * @throws {WorkspaceError} `branch_checked_out`: that checkout would be left on a branch that is not there
 */
export const discardBranch = async (request: DiscardRequest): Promise<readonly string[]> => {
  const { checkout } = await findRepository(request);
  const { branch, orchestration } = request;
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
  const under = [refOf(branch), `refs/studio/${orchestration}/`];
  const output = await git(checkout, ['for-each-ref', '--format=%(refname)', ...under], request);
  const refs = output.split('\n').filter((line) => line !== '');
  if (refs.length === 0) return [];
  const input = refs.map((ref) => `delete ${ref}\n`).join('');
  await git(checkout, ['update-ref', '--no-deref', '--stdin'], { ...request, input });
  return refs;
};

export interface DiffRequest extends Place {
  readonly base: string;
  readonly commit: string;
}

/** The difference as a patch that `git apply` takes. */
export const diffOf = async ({ base, commit, ...place }: DiffRequest): Promise<string> => {
  const { checkout } = await findRepository(place);
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--binary', '-M'];
  return git(checkout, ['diff', ...plain, '--src-prefix=a/', '--dst-prefix=b/', base, commit, '--'], place);
};
