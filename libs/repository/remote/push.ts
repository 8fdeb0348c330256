import type { MoveBranchResult } from '../branches.ts';
import type { RemoteRepository, Repository } from '../repository.ts';
import { askRemote, type RemoteOptions, remoteFailed, runRemote, wordsOf } from './ask-remote.ts';
import { listServerRefs, missingCommits } from './fetch.ts';

/**
 * Puts commits under refs of their own on the server of a git URL, so that every machine can go on from them. The names
 * are of one lease, so a push that is repeated, or that nothing came after, harms nothing. Of a folder it does nothing.
 */
export const pushRefs = async (
  repository: Repository,
  refs: Readonly<Record<string, string>>,
  options: RemoteOptions = {},
): Promise<void> => {
  const updates = Object.entries(refs).map(([ref, commit]) => `+${commit}:${ref}`);
  if (repository.remote === null || updates.length === 0) return;
  const args = ['push', '--quiet', '--no-verify', repository.remote.url, ...updates];
  await runRemote(repository, args, 'push to', options);
};

/** Deletes refs of the server that are where they were seen. Those that somebody moved stay. */
export const deleteServerRefs = async (
  repository: RemoteRepository,
  refs: readonly { readonly ref: string; readonly commit: string }[],
  options: RemoteOptions = {},
): Promise<void> => {
  if (refs.length === 0) return;
  const leases = refs.map(({ ref, commit }) => `--force-with-lease=${ref}:${commit}`);
  const deletions = refs.map(({ ref }) => `:${ref}`);
  const args = ['push', '--quiet', '--no-verify', ...leases, repository.remote.url, ...deletions];
  await runRemote(repository, args, 'push to', options);
};

export interface ServerMove {
  readonly branch: string;
  readonly to: string;
  /** Where it may stand, by the log. One that is not there is made. */
  readonly from: readonly string[];
}

/** Somebody was faster: the branch is not where it was seen a moment before. */
const STALE = /\[rejected\].*\((?:stale info|fetch first|non-fast-forward)\)/;

/**
 * Moves a branch of the server by compare-and-set, from where the log says that it is.
 * @throws {WorkspaceError} what keeps this machine from doing so
 */
export const moveServerBranch = async (
  repository: RemoteRepository,
  { branch, to, from }: ServerMove,
  options: RemoteOptions = {},
): Promise<MoveBranchResult> => {
  const { url } = repository.remote;
  const ref = `refs/heads/${branch}`;
  const find = async () => (await listServerRefs(repository, [ref], options))[0]?.commit ?? null;
  const movedBy = (found: string | null): MoveBranchResult =>
    found === to
      ? { outcome: 'already' }
      : { outcome: 'conflict', found, why: `${branch} at ${url} was moved by somebody else` };
  const found = await find();
  if (found === to || (found !== null && !from.includes(found))) return movedBy(found);
  const [missing] = await missingCommits(repository, [to], options);
  if (missing !== undefined) return { outcome: 'conflict', found, why: `${url} does not have ${missing}` };
  const args = ['push', '--quiet', '--no-verify', `--force-with-lease=${ref}:${found ?? ''}`, url, `${to}:${ref}`];
  const pushed = await askRemote(repository, args, options);
  if (pushed.exitCode === 0) return { outcome: 'moved' };
  if (STALE.test(pushed.stderr)) return movedBy(await find());
  throw remoteFailed(repository, 'push to', wordsOf(pushed));
};
