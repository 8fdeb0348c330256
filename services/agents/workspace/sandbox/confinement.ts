import { createHash } from 'node:crypto';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitScope } from '#repository';
import type { Sandbox, Sandboxes } from '#sandbox';
import { RUN_MARK } from '../processes.ts';
import { createMark } from '../running-commands.ts';
import { type LeaseName, scratchOf } from '../worktree.ts';
import { prepareRepositoryView } from './repository-view.ts';

export interface ConfinementRequest {
  readonly sandboxes: Sandboxes;
  readonly name: LeaseName;
  readonly gitDir: string;
  readonly scope: Required<Omit<GitScope, 'index'>>;
  readonly cacheDir: string;
  /** The environment of commands. */
  readonly variables: Readonly<Record<string, string>>;
  readonly isSecret: (text: string) => boolean;
}

/** The sandbox of one lease. */
export interface Confinement {
  readonly confine: Sandbox['confine'];
  /** Call it before a program starts. */
  readonly refresh: () => Promise<void>;
  /** What a person should know about a command that ran, a line each. */
  readonly remarks: (output: string, failed: boolean) => readonly string[];
  readonly end: () => void;
}

/** Repositories share no caches: what work on one puts there, work on another never sees. */
const storeOf = (cacheDir: string, gitDir: string) =>
  join(cacheDir, 'packages', createHash('sha256').update(gitDir).digest('hex').slice(0, 32));

/** Its age is how long nobody used it: `prune` removes what is old. */
const touch = async (folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  await utimes(folder, new Date(), new Date());
  return folder;
};

const READ_ONLY = /EROFS|Read-only file system/i;

export const openConfinement = async (request: ConfinementRequest): Promise<Confinement> => {
  const { sandboxes, name, gitDir, scope, cacheDir, variables, isSecret } = request;
  const scratch = scratchOf(scope.workTree);
  const view = await prepareRepositoryView({ gitDir, scope, folder: join(scratch, 'git'), isSecret });
  const sandbox = await sandboxes.open({
    worktree: scope.workTree,
    scratch,
    store: await touch(storeOf(cacheDir, gitDir)),
    variables,
    mark: { [RUN_MARK]: createMark(name) },
    mounts: view.mounts,
    isSecret,
  });
  return {
    confine: sandbox.confine,
    refresh: view.refresh,
    remarks: (output, failed) => [
      ...sandbox
        .refused()
        .map((target) => `[sandbox] ${target} was refused; sandbox.allow in .studio/config.yaml names more hosts`),
      ...(failed ? sandbox.hiddenIn(output) : []).map(
        (path) =>
          `[sandbox] ${path} is there and not shown; sandbox.read in .studio/config.yaml names more to read, sandbox.engines.<name>.read for an engine`,
      ),
      ...(failed && READ_ONLY.test(output)
        ? ['[sandbox] only the worktree, /tmp and a home folder of its own can be written; sandbox.write names more']
        : []),
    ],
    end: sandbox.end,
  };
};
