import { join, relative } from 'node:path';
import type { CommandOutcome } from '#engines';
import { askGit, type GitScope, git, moveServerBranch, type Repository } from '#repository';
import type { Needs, Program, Sandboxes } from '#sandbox';
import { commandEnvironment, type Environment } from './command-environment.ts';
import { type Commits, type CommitsRequest, createCommits } from './commits.ts';
import { isFolder } from './dependency-cache.ts';
import { installFolder } from './package-manager.ts';
import type { Redact } from './redact.ts';
import { createRunner } from './runner.ts';
import { createSecretSearch } from './secrets.ts';
import type { ForbiddenRule } from './security/forbidden-commands.ts';
import { inspectTree } from './security/inspect-tree.ts';
import { watchRepository } from './security/watch-repository.ts';
import { copyIgnored, notIgnored, type SetUpRequest, type SetUpResult, setUpDirectory } from './set-up.ts';
import { type LeaseName, removeWorktree } from './worktree.ts';

export interface WorkspaceSettings {
  readonly setup: 'auto' | false | string;
  /** Globs of ignored files to take along. */
  readonly copy: readonly string[];
  readonly commandTimeoutMs: number;
  /** Variables that commands may see, by name. */
  readonly allowEnv: readonly string[];
  readonly security: SecuritySettings;
}

export interface SecuritySettings {
  /** Commands that are refused. */
  readonly forbidden: readonly ForbiddenRule[];
  /** Globs of files that may hold what looks like a secret. */
  readonly secretFiles: readonly string[];
}

export interface RunOptions {
  readonly timeoutMs?: number;
  /** Becomes `STUDIO_STEP_KEY`: stable across tries and leases, for whatever the command does outside. */
  readonly stepKey?: string;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** The place where one lease works. Nothing in it outlives the lease but the commits that were pinned. */
export interface Workspace extends Commits {
  /** Where commands run: the worktree, or the folder in it that the person named. */
  readonly directory: string;
  /** The same, relative to the top of the repository; empty at the top. */
  readonly folder: string;
  /** For git in `directory`, whatever became of the `.git` that lies there. */
  readonly repository: GitScope;
  readonly base: string;
  readonly branch: string;
  /** The person's folder had changes that are not in `base`. */
  readonly dirty: boolean;
  readonly private: boolean;
  /**
   * Moves the branch to `head` on the server of a git URL, from one of the commits at which the log says that it stood. One
   * that somebody else moved stays. `null`: of a folder, where the router does it at once.
   */
  readonly publish: ((stoodAt: readonly string[]) => Promise<void>) | null;
  /** @throws {ForbiddenCommand} it was not run */
  readonly run: (command: string, options?: RunOptions) => Promise<CommandOutcome>;
  /**
   * The whole environment for a program that an engine starts itself: as for commands, and marked, so that the program
   * dies with the lease like they do.
   */
  readonly programEnvironment: (stepKey: string) => Promise<Readonly<Record<string, string>>>;
  /** Kills whatever was started with such an environment, wherever it went. */
  readonly sweep: (environment: Readonly<Record<string, string>>) => Promise<void>;
  /** @throws {ForbiddenCommand} a command that no work may need, whoever would run it */
  readonly assertAllowed: (command: string) => void;
  /**
   * The same program in the sandbox that is in force, if any, with what it needs beside what commands see. The
   * environment comes first.
   */
  readonly confine: (program: Program, needs?: Needs) => Program;
  /** What a person should know about a program that failed with this output in the sandbox, a line each. */
  readonly remarks: (output: string) => readonly string[];
  /** Makes the project's own commands work here. Call once, before the first command. */
  readonly setUp: () => Promise<SetUpResult>;
  /**
   * Remembers what git of this repository runs for the person. @returns a look at it now, to be called after work
   * @throws {SecurityViolation} from that look: work changed it
   */
  readonly watchRepository: () => Promise<() => Promise<void>>;
  /** Kills what still runs; the worktree stays, for somebody who goes on in it by hand. */
  readonly leave: () => Promise<void>;
  /** Kills what still runs, removes the worktree. Safe to call twice and after an abort. */
  readonly dispose: () => Promise<void>;
}

export interface WorkspaceParts {
  readonly name: LeaseName;
  readonly repository: Repository;
  readonly scope: Required<Omit<GitScope, 'index'>>;
  readonly base: string;
  readonly start: string;
  readonly dirty: boolean;
  readonly cacheDir: string;
  readonly settings: WorkspaceSettings;
  readonly environment: Environment;
  readonly redact: Redact;
  readonly signal: AbortSignal;
  /** `null`: commands run as this process does. */
  readonly sandboxes: Sandboxes | null;
}

export const branchOf = (orchestration: string): string => `studio/${orchestration}`;

/** What the person committed is installed for all goals; what a run did to it, a script of an installation perhaps, is not. */
const ownerOf = async ({ repository, start, name, signal }: WorkspaceParts): Promise<string> => {
  const { checkout, remote } = repository;
  if (remote !== null) {
    const args = ['for-each-ref', '--count=1', '--contains', start, 'refs/remotes/origin', 'refs/tags'];
    return (await git(checkout, args, { signal })) === '' ? name.orchestration : '';
  }
  const theirs = repository.private ? 'refs/heads/folder' : 'HEAD';
  const asked = await askGit(checkout, ['merge-base', '--is-ancestor', start, theirs], { signal });
  return asked.exitCode === 0 ? '' : name.orchestration;
};

/** Makes the project's own commands work, and knows what of it is not for a commit. */
const createSetUp = (parts: WorkspaceParts, directory: string, run: SetUpRequest['run']) => {
  const { repository, scope, signal, settings, cacheDir, environment } = parts;
  const theirs = repository.remote === null ? repository.checkout : null;
  const worktree = scope.workTree;
  let kept: readonly string[] = [];

  const setUp = async (): Promise<SetUpResult> => {
    const started = performance.now();
    const copied = theirs ? await copyIgnored({ checkout: theirs, worktree, globs: settings.copy, signal }) : [];
    // A package of a monorepo is installed where the lock file lies. A command of the configuration runs where it works.
    const place = settings.setup === 'auto' ? await installFolder(directory, worktree) : directory;
    const up = relative(directory, place);
    const prepared = await setUpDirectory({
      setup: settings.setup,
      directory: place,
      original: theirs && join(theirs.workTree, relative(worktree, place)),
      cacheDir,
      path: commandEnvironment(environment, settings.allowEnv).PATH ?? '',
      signal,
      // The team's own command, or that of a package manager.
      run: (command) => run(up === '' ? command : `cd ${up} && ${command}`),
      owner: () => ownerOf(parts),
    });
    const modules = join(place, 'node_modules');
    const placed = (await isFolder(modules)) ? [...copied, relative(worktree, modules)] : copied;
    kept = await notIgnored(scope, placed, signal);
    return { ...prepared, copied, durationMs: Math.round(performance.now() - started) };
  };
  return { setUp, kept: () => kept };
};

const createPublish = ({ repository, name, base, signal }: WorkspaceParts, head: Commits['head']) =>
  repository.remote === null
    ? null
    : async (stoodAt: readonly string[]): Promise<void> => {
        const move = { branch: branchOf(name.orchestration), to: head(), from: stoodAt };
        if (move.to !== base) await moveServerBranch(repository, move, { signal });
      };

export const createWorkspace = (parts: WorkspaceParts): Workspace => {
  const { name, repository, scope, base, start, signal } = parts;
  const directory = join(scope.workTree, repository.prefix);
  let disposed: Promise<void> | null = null;
  const { end, runTrusted, ...runner } = createRunner(parts, directory);
  const { setUp, kept } = createSetUp(parts, directory, runTrusted);
  const inspect = createInspection(parts);
  const commits = createCommits({ scope, repository, ...name, base, start, signal, kept, inspect });
  return {
    ...commits,
    directory,
    folder: repository.prefix,
    repository: { ...scope, cwd: directory },
    base,
    branch: branchOf(name.orchestration),
    dirty: parts.dirty,
    private: repository.private,
    publish: createPublish(parts, commits.head),
    ...runner,
    setUp,
    watchRepository: () => watchRepository(repository.gitDir),
    leave: end,
    dispose: () => {
      disposed ??= end().then(() => removeWorktree(scope.workTree));
      return disposed;
    },
  };
};

const createInspection = ({ scope, environment, settings, signal }: WorkspaceParts): CommitsRequest['inspect'] => {
  const findSecrets = createSecretSearch(environment);
  const { secretFiles } = settings.security;
  return (before, after) => inspectTree({ scope, before, after, findSecrets, secretFiles, signal });
};
