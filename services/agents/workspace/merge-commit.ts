import { askGit, fetchCommits, type GitScope, git, gitFailed, type Repository } from '#repository';

/** `conflict`: nothing was merged, and the worktree is as it was. `missing`: the repository does not have the commit. */
export type MergeResult =
  | { readonly outcome: 'merged'; readonly commit: string }
  | { readonly outcome: 'conflict'; readonly files: readonly string[] }
  | { readonly outcome: 'missing' };

export interface MergeRequest {
  readonly repository: Repository;
  readonly scope: GitScope;
  /** Where the worktree stands. */
  readonly head: string;
  readonly commit: string;
  readonly message: string;
  readonly signal: AbortSignal;
}

/** What the person's configuration says about their own merges is not for ours. */
const SETTINGS = ['-c', 'rerere.enabled=false', '-c', 'merge.ff=false', '-c', 'merge.verifySignatures=false'];
const ARGS = ['--no-ff', '--no-edit', '--no-gpg-sign', '--no-stat', '--no-log', '--no-autostash', '-q'];

const unmerged = async ({ scope, signal }: MergeRequest): Promise<readonly string[]> => {
  const output = await git(scope, ['diff', '--ignore-submodules=dirty', '--name-only', '--diff-filter=U', '-z'], {
    signal,
  });
  return output.split('\0').filter((path) => path !== '');
};

/**
 * Merges a commit into a worktree whose HEAD is detached, as a commit by Studio; one that is contained already changes
 * nothing. After a conflict the worktree is clean again.
 */
export const mergeCommit = async (request: MergeRequest): Promise<MergeResult> => {
  const { repository, scope, head, commit, message, signal } = request;
  await fetchCommits(repository, [commit], { signal });
  const args = [...SETTINGS, 'merge', ...ARGS, '-m', message, commit];
  const merged = await askGit(scope, args, { signal });
  if (merged.exitCode === 0)
    return { outcome: 'merged', commit: (await git(scope, ['rev-parse', 'HEAD'], { signal })).trim() };
  const known = await askGit(scope, ['cat-file', '-e', `${commit}^{commit}`], { signal });
  if (known.exitCode !== 0) return { outcome: 'missing' };
  const files = await unmerged(request);
  await git(scope, ['reset', '-q', '--hard', head], { signal });
  if (files.length === 0) throw gitFailed(args, scope, merged);
  return { outcome: 'conflict', files };
};
