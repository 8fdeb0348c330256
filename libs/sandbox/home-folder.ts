import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mount } from './mounts.ts';
import type { SandboxData } from './policy.ts';

/** A key that holds a secret, or an address with a password in it. */
const SECRET = /_auth|password|passwd|secret|token|credential|extraheader|private[-_]?key|:\/\/[^/\s]*@/i;

const withoutSecrets = (text: string, isSecret: (line: string) => boolean): string =>
  text
    .split('\n')
    .filter((line) => !SECRET.test(line) && !isSecret(line))
    .join('\n');

export interface HomeRequest {
  readonly home: string;
  readonly data: SandboxData;
  /** A folder for this lease alone, which becomes the home folder. */
  readonly folder: string;
  /** A folder that stays, for caches. */
  readonly store: string;
  readonly isSecret: (line: string) => boolean;
}

/** Where the folder of caches is seen. One place for all of them, because each costs every command a mount. */
const CACHES = '/run/studio/caches';
/** Worktrees lie in it by default, and what is mounted cannot lie behind a link. */
const MOUNTED = '.cache';

/**
 * A home folder for commands: empty but for the person's settings, without the secrets in them, and caches of its own. A
 * cache that a person uses too could be made to give them something else.
 */
export const prepareHome = async ({ home, data, folder, store, isSecret }: HomeRequest): Promise<readonly Mount[]> => {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    ...data.settings.map(async (name) => {
      const text = await readFile(join(home, name), 'utf8').catch(() => null);
      if (text === null) return;
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), withoutSecrets(text, isSecret));
    }),
    ...data.caches.map(async (name) => {
      await mkdir(join(store, name), { recursive: true });
      if (name === MOUNTED) return;
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await rm(join(folder, name), { recursive: true, force: true });
      await symlink(join(CACHES, name), join(folder, name));
    }),
  ]);
  return [
    { kind: 'write', path: home, source: folder },
    { kind: 'write', path: CACHES, source: store },
    { kind: 'write', path: join(home, MOUNTED), source: join(store, MOUNTED) },
  ];
};
