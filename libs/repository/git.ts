import { setTimeout as delay } from 'node:timers/promises';
import { WorkspaceError } from './errors.ts';
import { runProgram } from './run-program.ts';

/** Where git works. With `gitDir` and `workTree` a `.git` that an agent made, moved or deleted changes nothing. */
export interface GitScope {
  readonly cwd: string;
  readonly gitDir?: string;
  readonly workTree?: string;
  /** Another index than the repository's own. */
  readonly index?: string;
}

export interface GitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly input?: string;
  /** Exit codes that are answers and not failures; 0 always is. */
  readonly accept?: readonly number[];
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * No hook, signature, background job or monitor of the user's configuration runs for us; filters (LFS, line endings)
 * still do, because files must look as they do in the user's own checkout. The folder was named by a person, so it is
 * trusted whoever owns it: a mounted volume often belongs to somebody else.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'commit.gpgsign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'advice.addEmbeddedRepo=true',
  'safe.directory=*',
].flatMap((setting) => ['-c', setting]);

/** Variables by which a caller that runs inside git (a hook, `git rebase --exec`) would send us to its repository. */
const CLEARED = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
  GIT_NAMESPACE: undefined,
  GIT_PREFIX: undefined,
};

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Studio',
  GIT_AUTHOR_EMAIL: 'studio@localhost',
  GIT_COMMITTER_NAME: 'Studio',
  GIT_COMMITTER_EMAIL: 'studio@localhost',
};

const environmentOf = ({ gitDir, workTree, index }: GitScope) => ({
  ...CLEARED,
  ...IDENTITY,
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_EDITOR: 'true',
  GIT_PAGER: 'cat',
  ...(gitDir === undefined ? {} : { GIT_DIR: gitDir }),
  ...(workTree === undefined ? {} : { GIT_WORK_TREE: workTree }),
  ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
});

/** A diff of this size is of no use to anybody, and would not fit in memory twice. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Another git is just making a worktree of the same repository, and this one met it half made (git 2.39). */
const MET_HALF_MADE = /failed to read .*\/worktrees\/[^/]+\/\w+/;
const MOST_MEETINGS = 40;

/** Runs git and answers how it ended. @throws the signal's reason when aborted, {@link WorkspaceError} when it cannot run */
export const askGit = async (
  scope: GitScope,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> => {
  for (let meeting = 1; ; meeting += 1) {
    const result = await runGit(scope, args, options);
    if (result.exitCode === 0 || meeting > MOST_MEETINGS || !MET_HALF_MADE.test(result.stderr)) return result;
    await delay(25);
  }
};

const runGit = async (scope: GitScope, args: readonly string[], options: GitOptions = {}): Promise<GitResult> => {
  const { signal, input } = options;
  signal?.throwIfAborted();
  const request = { cwd: scope.cwd, env: environmentOf(scope), input, signal, maxBytes: MAX_OUTPUT };
  const { exitCode, stdout, stderr, trouble } = await runProgram('git', [...SETTINGS, ...args], request);
  signal?.throwIfAborted();
  if (exitCode === null) {
    throw trouble?.code === 'ENOENT'
      ? new WorkspaceError('git_missing', 'git was not found on the PATH: install git', { cwd: scope.cwd })
      : new WorkspaceError('git_failed', `git ${args[0]} did not end by itself: ${trouble?.message}`);
  }
  return { exitCode, stdout, stderr };
};

/** Runs git and answers its output as it is. @throws {WorkspaceError} `git_failed` with what git said */
export const git = async (scope: GitScope, args: readonly string[], options: GitOptions = {}): Promise<string> => {
  const { exitCode, stdout, stderr } = await askGit(scope, args, options);
  if (exitCode !== 0 && !options.accept?.includes(exitCode)) throw gitFailed(args, scope, { exitCode, stdout, stderr });
  return stdout;
};

export const gitFailed = (args: readonly string[], scope: GitScope, { exitCode, stderr }: GitResult) =>
  new WorkspaceError('git_failed', `git ${args[0]} failed with exit code ${exitCode}: ${stderr.trim().slice(-1_000)}`, {
    args,
    cwd: scope.cwd,
    exitCode,
  });
