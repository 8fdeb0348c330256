import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { askGit, type GitScope, gitFailed, WorkspaceError } from '#repository';
import { installationNoteOf } from '#runtime';

export interface LeaseName {
  readonly orchestration: string;
  readonly lease: number;
}

const worktreesOf = (cacheDir: string): string => join(cacheDir, 'worktrees');
const leaseName = ({ orchestration, lease }: LeaseName) => `${orchestration}-${lease}`;
/** What belongs to the lease beside its files: the home folder of its commands, their `/tmp`. */
export const scratchOf = (worktree: string): string => `${worktree}.scratch`;
/** The worktree of a lease, whether it is there or not. */
export const worktreeOf = (cacheDir: string, name: LeaseName): string => join(worktreesOf(cacheDir), leaseName(name));
/** Beside the worktree and not in it: what an agent does to its files cannot hide which repository it belongs to. */
const noteOf = (directory: string) => `${directory}.repository`;

export interface NewWorktree extends LeaseName {
  readonly gitDir: string;
  readonly cacheDir: string;
  readonly commit: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A detached worktree for one lease, with nothing in it but the commit. It is locked, so that `git worktree prune` of
 * the person, who may not see this folder (another container), leaves it alone.
 * @throws {WorkspaceError} `commit_missing` when the repository does not have the commit
 */
export const addWorktree = async (request: NewWorktree): Promise<Required<Omit<GitScope, 'index'>>> => {
  const { gitDir, commit, cacheDir, signal } = request;
  const directory = worktreeOf(cacheDir, request);
  await removeWorktree(directory);
  await mkdir(dirname(directory), { recursive: true });
  await writeFile(noteOf(directory), gitDir);
  const scope = { cwd: dirname(directory), gitDir };
  const lock = ['--lock', '--reason', `Studio works here: ${request.orchestration}`];
  const args = ['worktree', 'add', '--force', '--detach', ...lock, '--', directory, commit];
  const added = await askGit(scope, args, { signal });
  if (added.exitCode !== 0) {
    await removeWorktree(directory);
    const known = await askGit(scope, ['cat-file', '-e', `${commit}^{commit}`], { signal });
    if (known.exitCode === 0) throw gitFailed(args, scope, added);
    throw commitMissing(commit, { gitDir });
  }
  const link = await readFile(join(directory, '.git'), 'utf8');
  return { cwd: directory, gitDir: link.replace(/^gitdir: /, '').replace(/\n$/, ''), workTree: directory };
};

export const commitMissing = (commit: string, { gitDir }: Pick<GitScope, 'gitDir'>) =>
  new WorkspaceError('commit_missing', `commit ${commit} is not in the repository ${gitDir} any more`, {
    commit,
    gitDir,
  });

/** Some tools make folders that even their owner cannot write in. */
const removeFolder = async (folder: string): Promise<void> => {
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await remove().catch(async () => {
    await execa('chmod', ['-R', 'u+rwX', '--', folder], { reject: false, stdin: 'ignore' });
    await remove();
  });
};

/** Removes a worktree and what the repository keeps about it. Safe to call for one that is half there, or not at all. */
export const removeWorktree = async (directory: string): Promise<void> => {
  await Promise.all([directory, scratchOf(directory), installationNoteOf(directory)].map(removeFolder));
  const repository = await readFile(noteOf(directory), 'utf8').catch(() => null);
  if (repository === null) return;
  const records = join(repository, 'worktrees');
  for (const name of await readdir(records).catch(() => [])) {
    const place = await readFile(join(records, name, 'gitdir'), 'utf8').catch(() => '');
    if (place.replace(/\n$/, '') === join(directory, '.git')) await rm(join(records, name), { recursive: true });
  }
  await rm(noteOf(directory), { force: true });
};

export interface LeaseWorktree extends LeaseName {
  readonly directory: string;
}

/** Worktrees that lie there, whole or half made, of leases that hold or have ended. */
export const listWorktrees = async (cacheDir: string): Promise<readonly LeaseWorktree[]> => {
  const names = await readdir(worktreesOf(cacheDir)).catch(() => []);
  const leases = new Set(names.map((name) => name.replace(/\.repository$/, '')));
  return [...leases].flatMap((name) => {
    const [, orchestration, lease] = /^(.+)-(\d+)$/.exec(name) ?? [];
    if (orchestration === undefined) return [];
    return [{ orchestration, lease: Number(lease), directory: join(worktreesOf(cacheDir), name) }];
  });
};

/**
 * Removes what older leases of a run left on this host: a worker that was killed removes nothing, and a copy of a login may lie
 * there. The folder of work by hand stays: somebody may still hand it in.
 */
export const removeOlderWorktrees = async (cacheDir: string, { orchestration, lease }: LeaseName): Promise<void> => {
  const left = (await listWorktrees(cacheDir)).filter(
    (found) =>
      found.orchestration === orchestration && found.lease < lease && !existsSync(installationNoteOf(found.directory)),
  );
  await Promise.all(left.map(({ directory }) => removeWorktree(directory)));
};
