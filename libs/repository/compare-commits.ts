import type { FileChange } from '#contracts';
import type { Place } from './branches.ts';
import { parseChanges } from './file-changes.ts';
import { git } from './git.ts';
import { fetchCommits } from './remote/fetch.ts';
import { repositoryToRead } from './repository.ts';

export interface TreesRequest extends Place {
  readonly commits: readonly string[];
}

/**
 * The trees of commits: equal trees are equal files, in whatever repository they are.
 * @returns without the commits that the repository does not have; empty where there is no repository
 */
export const treesOf = async ({ commits, ...place }: TreesRequest): Promise<ReadonlyMap<string, string>> => {
  const repository = commits.length > 0 ? await repositoryToRead(place) : null;
  if (!repository) return new Map();
  await fetchCommits(repository, commits, place);
  const input = commits.map((commit) => `${commit}^{tree}\n`).join('');
  const args = ['cat-file', '--batch-check=%(objecttype) %(objectname)'];
  const answers = (await git(repository.checkout, args, { input, signal: place.signal })).split('\n');
  return new Map(
    commits.flatMap((commit, index) => {
      const [type, tree = ''] = answers[index]?.split(' ') ?? [];
      return type === 'tree' ? [[commit, tree] as const] : [];
    }),
  );
};

/** What is different in the files of the second of two commits that the repository has. */
export const changesBetween = async (
  place: Place & { readonly from: string; readonly to: string },
): Promise<readonly FileChange[]> => {
  const repository = await repositoryToRead(place);
  if (!repository) return [];
  const args = ['diff', '--raw', '--numstat', '-z', '-M', '--no-ext-diff', '--no-textconv'];
  return parseChanges(await git(repository.checkout, [...args, place.from, place.to, '--'], { signal: place.signal }));
};
