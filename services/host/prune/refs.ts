import type { Studio } from '#client';
import {
  checkedOutRefs,
  deleteRef,
  isHeldElsewhere,
  type KeptRef,
  knownRepository,
  listKeptRefs,
  type Repository,
  WorkspaceError,
} from '#repository';
import type { Findings, LookOptions } from './parts.ts';

type Needs = Awaited<ReturnType<Studio['needs']>>;

/** Why a ref may go, or why it may not; `null`: its run may still need it, which is as it should be. */
type Verdict = { readonly may: boolean; readonly why: string } | null;

const runOf = (ref: string): string => /(orch_[0-9]{8}_[0-9]{6}_[0-9a-f]{4,12})/.exec(ref)?.[1] ?? '';
const isBranch = (ref: string): boolean => ref.startsWith('refs/heads/');

const judge = async (kept: KeptRef, needs: Needs, repository: Repository): Promise<Verdict> => {
  // Many installations may keep what they do on one server.
  if (needs === null && repository.remote !== null) return null;
  if (needs === null) return { may: false, why: 'its run is not one of this installation, or cannot be read' };
  if (needs.landed === 'discarded') return { may: true, why: 'its run was discarded' };
  if (!needs.archived) return null;
  if (needs.landed === 'applied' && !isBranch(kept.ref)) return { may: true, why: 'its run was applied and archived' };
  return (await isHeldElsewhere(repository, kept))
    ? { may: true, why: 'its run is archived, and a branch of yours has the commit' }
    : { may: false, why: 'no branch of yours has its commits: apply, merge or discard the run first' };
};

const inRepository = async (
  repository: Repository,
  { studio, runs }: Pick<LookOptions, 'studio' | 'runs'>,
): Promise<Findings> => {
  const removable: Findings['removable'][number][] = [];
  const kept: Findings['kept'][number][] = [];
  const where = repository.remote?.url ?? repository.gitDir;
  const checkedOut = await checkedOutRefs(repository);
  for (const found of await listKeptRefs(repository)) {
    const { ref: name } = found;
    if (runs && !runs.has(runOf(name))) continue;
    const verdict = await judge(found, await studio.needs(runOf(name)), repository);
    if (verdict === null) continue;
    const { may, why } = checkedOut.has(name) ? { may: false, why: 'it is checked out' } : verdict;
    const remove = async () => void (await deleteRef(repository, found));
    if (may) removable.push({ kind: 'ref', name, where, bytes: 0, why, remove });
    else kept.push({ kind: 'ref', name, where, why });
  }
  return { removable, kept };
};

/** A server that cannot be asked now keeps nothing else from being removed. */
const notAsked =
  ({ remote }: Repository) =>
  (error: unknown): Findings => {
    if (remote === null || !(error instanceof WorkspaceError)) throw error;
    return { removable: [], kept: [{ kind: 'ref', name: 'refs/studio/*', where: remote.url, why: error.message }] };
  };

/** Pinned commits and branches of runs that nobody comes back to, in every repository that runs here were given. */
export const spareRefs = async ({ studio, studioDir, runs }: LookOptions): Promise<Findings> => {
  const repositories = new Map<string, Repository>();
  for (const root of await studio.workspaces()) {
    const repository = await knownRepository({ root, studioDir });
    if (repository) repositories.set(repository.gitDir, repository);
  }
  const all = await Promise.all(
    [...repositories.values()].map((repository) =>
      inRepository(repository, { studio, ...(runs && { runs }) }).catch(notAsked(repository)),
    ),
  );
  return { removable: all.flatMap(({ removable }) => removable), kept: all.flatMap(({ kept }) => kept) };
};
