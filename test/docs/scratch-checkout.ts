import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ensureBuilt } from '../support/fleet.ts';
import { freePort } from '../support/free-port.ts';
import { PATIENCE_MS } from '../support/wait-until.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** What a command printed and how it ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams together, for the message of a failed test. */
  readonly all: string;
}

export interface ScratchCheckout {
  readonly directory: string;
  readonly run: (script: string) => Promise<Ran>;
  readonly remove: () => Promise<void>;
}

/** Files of this checkout as they are now, committed or not, and of what git ignores only the build, which is of them. */
const COPY = `git ls-files -z --cached --others --exclude-standard | tar --null -cf - -T - dist | tar -xf - -C "$TARGET"
touch "$TARGET/dist/.built"`;

// Examples follow each other in one shell, as far as its folder goes: where one leaves off, the next one begins.
const PRELUDE = 'if [ -f "$HOME/.folder" ]; then cd "$(cat "$HOME/.folder")"; fi; trap \'pwd > "$HOME/.folder"\' EXIT';

/**
 * A copy of this checkout that is a git repository of its own, so that an example may change, commit and start what it
 * likes. It has an own home and none of the caller's variables but PATH; the installed packages are shared.
 */
export const createScratchCheckout = async (): Promise<ScratchCheckout> => {
  const root = await mkdtemp(join(tmpdir(), 'studio-docs-'));
  const directory = join(root, 'studio');
  const env = {
    PATH: [join(directory, 'bin'), process.env.PATH].join(delimiter),
    HOME: root,
    LANG: 'C.UTF-8',
    CI: 'true',
    REDIS_PORT: String(await freePort()),
    STUDIO_GATEWAY_PORT: String(await freePort()),
    GIT_AUTHOR_NAME: 'Example',
    GIT_AUTHOR_EMAIL: 'example@localhost',
    GIT_COMMITTER_NAME: 'Example',
    GIT_COMMITTER_EMAIL: 'example@localhost',
  };
  const run = async (script: string): Promise<Ran> => {
    const {
      exitCode = 1,
      stdout,
      all,
    } = await execa('bash', ['--norc', '-euo', 'pipefail', '-c', `${PRELUDE}\n${script}`], {
      cwd: directory,
      env,
      extendEnv: false,
      reject: false,
      all: true,
      timeout: PATIENCE_MS,
    });
    return { exitCode, stdout, all };
  };
  await ensureBuilt();
  await mkdir(directory);
  await execa('bash', ['-euo', 'pipefail', '-c', COPY], { cwd: REPOSITORY, env: { TARGET: directory } });
  await symlink(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'));
  // A link is not the folder that .gitignore names, so it is excluded by its own line.
  await run('git init -q && echo node_modules >> .git/info/exclude && git add -A && git commit -q -m "As checked out"');
  return {
    directory,
    run,
    remove: async () => {
      // An example may have started a host, and a host outlives its commands.
      await run(
        'cd "$HOME"; for state in */.studio; do if [ -d "$state" ]; then STUDIO_DIR="$state" studio down; fi; done',
      );
      // A server that was told to end may still be writing its last file.
      await rm(root, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
    },
  };
};
