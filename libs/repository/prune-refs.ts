import { askGit, git } from './git.ts';
import { fetchKept } from './remote/fetch.ts';
import { deleteServerRefs } from './remote/push.ts';
import type { Repository } from './repository.ts';

export interface KeptRef {
  readonly ref: string;
  readonly commit: string;
}

const parseRefs = (output: string): readonly KeptRef[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ commit: line.slice(0, line.indexOf(' ')), ref: line.slice(line.indexOf(' ') + 1) }));

/** Everything that Studio keeps in a repository, on the server where it is one: pinned commits, and the branches of runs. */
export const listKeptRefs = async (repository: Repository): Promise<readonly KeptRef[]> => {
  if (repository.remote !== null) await fetchKept(repository);
  const places = ['refs/studio/', 'refs/heads/studio/'];
  return parseRefs(await git(repository.checkout, ['for-each-ref', '--format=%(objectname) %(refname)', ...places]));
};

/** Branches of runs are judged one by one: two at one commit must not each be the reason why the other may go. */
const OF_RUNS = 'refs/heads/studio/';

/** Whether a branch of people, a tag or a remote branch has the commit in its history. */
export const isHeldElsewhere = async ({ checkout }: Repository, { commit }: KeptRef): Promise<boolean> => {
  const places = ['refs/heads/', 'refs/tags/', 'refs/remotes/'];
  const found = await git(checkout, ['for-each-ref', '--format=%(refname)', '--contains', commit, ...places]);
  return found.split('\n').some((name) => name !== '' && !name.startsWith(OF_RUNS));
};

/** Branches that some worktree has checked out: nobody may pull them away from under it. */
export const checkedOutRefs = async ({ checkout }: Repository): Promise<ReadonlySet<string>> => {
  const output = await git(checkout, ['worktree', 'list', '--porcelain']);
  return new Set(
    output.split('\n').flatMap((line) => (line.startsWith('branch ') ? [line.slice('branch '.length)] : [])),
  );
};

/** Deletes a ref that still is where it was seen, on the server first. @returns false when somebody moved it meanwhile */
export const deleteRef = async (repository: Repository, { ref, commit }: KeptRef): Promise<boolean> => {
  if (repository.remote !== null) await deleteServerRefs(repository, [{ ref, commit }]);
  return (await askGit(repository.checkout, ['update-ref', '--no-deref', '-d', ref, commit])).exitCode === 0;
};
