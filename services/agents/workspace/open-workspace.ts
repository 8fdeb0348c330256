import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  type FolderRepository,
  fetchBase,
  fetchCommits,
  findRepository,
  type GitScope,
  git,
  OWN_FILES,
  pushRefs,
  type Repository,
  snapshotCheckout,
  snapshotFolder,
  WorkspaceError,
} from '#repository';
import type { Sandboxes } from '#sandbox';
import type { Environment } from './command-environment.ts';
import { type MergeRequest, mergeCommit } from './merge-commit.ts';
import type { Redact } from './redact.ts';
import { killSurvivors } from './running-commands.ts';
import { createWorkspace, type Workspace, type WorkspaceSettings } from './workspace.ts';
import { addWorktree, commitMissing, removeOlderWorktrees, removeWorktree } from './worktree.ts';

export interface OpenWorkspaceRequest {
  readonly orchestration: string;
  readonly lease: number;
  /** The folder that the person named: a repository, a folder in one, or one without git. */
  readonly root: string;
  /** The commit that the run builds on, once it is in the log. Without it HEAD, and with `includeDirty` what lies there. */
  readonly base?: string | null;
  /** Without a base in the log: commits to build on, merged in this order. None: HEAD. */
  readonly bases?: readonly string[];
  /** The last commit of this run that is in the log. Whatever is newer is thrown away. */
  readonly from?: string | null;
  readonly includeDirty?: boolean;
  readonly cacheDir: string;
  readonly studioDir: string;
  readonly settings: WorkspaceSettings;
  /** The environment of this process; commands get a clean part of it. */
  readonly environment: Environment;
  readonly redact: Redact;
  readonly signal: AbortSignal;
  /** Of this process, where there are any; without them commands run as this process does. */
  readonly sandboxes?: Sandboxes | null;
}

/**
 * Makes the place where one lease works: a detached worktree of its own, outside the person's folder. Whatever an older
 * lease of the same orchestration left on this host is killed and removed first.
 * @throws {WorkspaceError} `no_commits`, `commit_missing` and others, each with what to do
 */
export const openWorkspace = async (request: OpenWorkspaceRequest): Promise<Workspace> => {
  const { orchestration, lease, root, studioDir, cacheDir, signal } = request;
  await killSurvivors({ cacheDir, orchestration, olderThan: lease });
  await removeOlderWorktrees(cacheDir, { orchestration, lease });
  const repository = await findRepository({ root, studioDir, signal });
  const { base: chosen, dirty } = await chooseBase(request, repository);
  const name = { orchestration, lease };
  const commit = request.from ?? chosen;
  await fetchCommits(repository, [chosen, commit], { signal });
  const scope = await addWorktree({ ...name, gitDir: repository.gitDir, cacheDir, commit, signal });
  const base = request.base ?? (await mergeBases({ scope, repository }, chosen, request).catch(removing(scope)));
  const start = request.from ?? base;
  if (!request.base) await keepBase(repository, orchestration, base, signal);
  if (repository.prefix !== '') await mkdir(join(scope.workTree, repository.prefix), { recursive: true });
  const { settings, environment, redact } = request;
  return createWorkspace({
    name,
    repository,
    scope,
    base,
    start,
    dirty,
    cacheDir,
    settings,
    environment,
    redact,
    signal,
    sandboxes: request.sandboxes ?? null,
  });
};

/** @throws {WorkspaceError} `bases_conflict`, `commit_missing`: what the run is to build on cannot be brought together */
const mergeBases = async (
  place: Pick<MergeRequest, 'scope' | 'repository'>,
  first: string,
  { orchestration, bases = [], signal }: OpenWorkspaceRequest,
): Promise<string> => {
  let head = first;
  for (const commit of bases.slice(1)) {
    const merged = await mergeCommit({ ...place, head, commit, message: 'Bring together what this builds on', signal });
    if (merged.outcome === 'merged') head = merged.commit;
    else
      throw merged.outcome === 'missing'
        ? commitMissing(commit, place.scope)
        : basesConflict(orchestration, merged.files);
  }
  return head;
};

const removing =
  ({ workTree }: Required<Pick<GitScope, 'workTree'>>) =>
  async (error: unknown) => {
    await removeWorktree(workTree);
    throw error;
  };

const basesConflict = (orchestration: string, files: readonly string[]) =>
  new WorkspaceError(
    'bases_conflict',
    `the tasks that this one builds on have changed the same places of ${files.join(', ')}: let one of them depend on the other, or declare these files for both`,
    { orchestration, files },
  );

const chooseBase = async (request: OpenWorkspaceRequest, repository: Repository) => {
  const { from, root, signal } = request;
  const base = request.base ?? request.bases?.[0];
  // What lies in the folder is only of interest to a run that begins there.
  if (base) return { base, dirty: false };
  if (repository.remote !== null) return { base: from ?? (await fetchBase(repository, { signal })), dirty: false };
  if (repository.private) return { base: from ?? (await snapshotFolder(repository, signal)), dirty: false };
  const { head, dirty } = await checkoutStatus(repository.checkout, signal);
  if (head === null) {
    throw new WorkspaceError(
      'no_commits',
      `the repository of ${root} on host ${hostname()} has no commit yet to build on: run git add -A && git commit -m "Start" there first`,
      { root, host: hostname() },
    );
  }
  if (!request.includeDirty || !dirty) return { base: head, dirty };
  return { base: await snapshotCheckout(repository, head, signal), dirty: false };
};

const checkoutStatus = async (checkout: FolderRepository['checkout'], signal: AbortSignal) => {
  const output = await git(checkout, ['status', '--porcelain=v2', '--branch', '-z', '--', ':/', ...OWN_FILES], {
    signal,
  });
  const records = output.split('\0').filter((record) => record !== '');
  const oid = records.find((record) => record.startsWith('# branch.oid '))?.slice('# branch.oid '.length) ?? '';
  return {
    head: oid === '(initial)' || oid === '' ? null : oid,
    dirty: records.some((record) => !record.startsWith('# ')),
  };
};

/**
 * A snapshot is in no branch, and a branch can be rewritten: without a ref of its own the base could be collected. Who may
 * not push to a git URL learns it here, before anything is done.
 */
const keepBase = async (repository: Repository, orchestration: string, base: string, signal: AbortSignal) => {
  const ref = `refs/studio/${orchestration}/base`;
  await git(repository.checkout, ['update-ref', ref, base], { signal });
  await pushRefs(repository, { [ref]: base }, { signal });
};
