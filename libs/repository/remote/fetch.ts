import { WorkspaceError } from '../errors.ts';
import { askGit, git } from '../git.ts';
import type { RemoteRepository, Repository } from '../repository.ts';
import { askRemote, type RemoteOptions, remoteFailed, runRemote, wordsOf } from './ask-remote.ts';

/** As a clone has it, but for branches of runs: those are found by the log. */
const BRANCHES = ['+refs/heads/*:refs/remotes/origin/*', '^refs/heads/studio/*', '+refs/tags/*:refs/tags/*'];
const HEAD = 'refs/remotes/origin/HEAD';

/** One at a time in a process: runs that begin together would fetch the same. */
const turns = new Map<string, Promise<unknown>>();
const inTurn = <T>(key: string, work: () => Promise<T>): Promise<T> => {
  const turn = (turns.get(key) ?? Promise.resolve()).then(work);
  turns.set(
    key,
    turn.catch(() => undefined),
  );
  return turn;
};

/** @throws {WorkspaceError} `no_commits`: HEAD of the server points nowhere */
const fetchRefs = async (
  repository: RemoteRepository,
  refs: readonly string[],
  options: RemoteOptions,
): Promise<void> => {
  const { url } = repository.remote;
  const args = ['fetch', '--quiet', '--prune', '--no-write-fetch-head', '--no-tags', url, ...refs];
  const result = await askRemote(repository, args, options);
  if (result.exitCode === 0) return;
  if (/couldn't find remote ref HEAD/.test(result.stderr))
    throw new WorkspaceError(
      'no_commits',
      `${url} has no commit to build on: push one first, or name a branch that has one (${url}#main)`,
      { url },
    );
  throw remoteFailed(repository, 'fetch from', wordsOf(result));
};

/**
 * The commit that work on a git URL begins at, as the server has it now.
 * @throws {WorkspaceError} `ref_missing`, `no_commits`, or what keeps this machine from fetching
 */
export const fetchBase = async (repository: RemoteRepository, options: RemoteOptions = {}): Promise<string> => {
  const { url, ref } = repository.remote;
  const refs = ref === null ? [`+HEAD:${HEAD}`, ...BRANCHES] : BRANCHES;
  await inTurn(repository.gitDir, () => fetchRefs(repository, refs, options));
  const places = ref === null ? [HEAD] : [`refs/remotes/origin/${ref}`, `refs/tags/${ref}`];
  for (const place of places) {
    const found = await askGit(repository.checkout, ['rev-parse', '-q', '--verify', `${place}^{commit}`], options);
    if (found.exitCode === 0) return found.stdout.trim();
  }
  throw new WorkspaceError('ref_missing', `${url} has no branch or tag ${ref}: name one that it has after the #`, {
    url,
    ref,
  });
};

/**
 * Packs what refs and worktrees of this machine's copy need, and removes what none has needed for two weeks: that long a
 * commit may be on its way to a ref, and the server still has whatever it gave.
 */
export const collectObjects = async (repository: RemoteRepository): Promise<void> => {
  const gc = ['gc', '--quiet', '--prune=2.weeks.ago'];
  await inTurn(repository.gitDir, () => git(repository.checkout, gc));
};

/** What is kept for runs, branches and tags, as the server has them now: what it has no more goes here too. */
export const fetchKept = (repository: RemoteRepository): Promise<void> => {
  const kept = ['+refs/studio/*:refs/studio/*', '+refs/heads/studio/*:refs/heads/studio/*'];
  return inTurn(repository.gitDir, async () => {
    await fetchRefs(repository, kept, {});
    await fetchRefs(repository, BRANCHES, {});
  });
};

const present = async (
  { checkout }: Repository,
  commits: readonly string[],
  { signal }: RemoteOptions,
): Promise<ReadonlySet<string>> => {
  const input = commits.map((commit) => `${commit}^{commit}\n`).join('');
  const answers = (await git(checkout, ['cat-file', '--batch-check=%(objecttype)'], { input, signal })).split('\n');
  return new Set(commits.filter((_commit, index) => answers[index] === 'commit'));
};

/** The server does not have it (any more), or does not give out what no ref of it names. */
const NOT_THERE = /not our ref|unadvertised object|couldn't find remote ref/;

const fetchCommit = async (repository: RemoteRepository, commit: string, options: RemoteOptions): Promise<void> => {
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', repository.remote.url, commit];
  const result = await askRemote(repository, args, options);
  if (result.exitCode !== 0 && !NOT_THERE.test(result.stderr))
    throw remoteFailed(repository, 'fetch from', wordsOf(result));
};

/**
 * Brings commits that the log names to this machine, where they are at a git URL and not here yet. Of a folder, and where
 * all are here, it does nothing; what is not to be had stays away.
 * @throws {WorkspaceError} what keeps this machine from fetching
 */
export const fetchCommits = async (
  repository: Repository,
  commits: readonly string[],
  options: RemoteOptions = {},
): Promise<void> => {
  if (repository.remote === null || commits.length === 0) return;
  let here = await present(repository, commits, options);
  // The newest brings those before it.
  for (const commit of commits.toReversed()) {
    if (here.has(commit)) continue;
    await inTurn(repository.gitDir, () => fetchCommit(repository, commit, options));
    here = await present(repository, commits, options);
  }
};

/**
 * Which of these commits are not to be had.
 * @throws {WorkspaceError} what keeps this machine from fetching
 */
export const missingCommits = async (
  repository: Repository,
  commits: readonly string[],
  options: RemoteOptions = {},
): Promise<readonly string[]> => {
  if (commits.length === 0) return [];
  await fetchCommits(repository, commits, options);
  const here = await present(repository, commits, options);
  return commits.filter((commit) => !here.has(commit));
};

export interface ServerRef {
  readonly ref: string;
  readonly commit: string;
}

const LIST_LIMIT_MS = 60_000;

/** What the server has under these patterns, as `git ls-remote` takes them. */
export const listServerRefs = async (
  repository: RemoteRepository,
  patterns: readonly string[],
  { signal }: RemoteOptions = {},
): Promise<readonly ServerRef[]> => {
  const args = ['ls-remote', '--refs', repository.remote.url, ...patterns];
  const output = await runRemote(repository, args, 'read from', { signal, limitMs: LIST_LIMIT_MS });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ commit: line.slice(0, line.indexOf('\t')), ref: line.slice(line.indexOf('\t') + 1) }));
};
