import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidInput } from '#contracts';

export interface StudioDir {
  /** Absolute, with symbolic links resolved: two ways to one folder name one host. */
  readonly path: string;
  readonly configFile: string;
  /** True when this call made it. */
  readonly created: boolean;
}

/** Everything in `.studio` belongs to one machine, this file too, but for what a team shares. */
const IGNORE = ['*', '!config.yaml', '!recipes/', '!recipes/**', ''].join('\n');

const searchUpward = (from: string, isIt: (folder: string) => boolean): string | null => {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isIt(folder)) return folder;
    if (dirname(folder) === folder) return null;
  }
};

const findUpward = (from: string, name: string): string | null =>
  searchUpward(from, (folder) => existsSync(join(folder, name)));

/** Beside a folder that was made for work by hand, which lies elsewhere: the `.studio` that it belongs to. */
export const installationNoteOf = (folder: string): string => `${folder}.studio`;

/** Folders of leases are named so; of no other is a note believed. */
const LEASE = /^orch_[0-9a-f_]+-\d+$/;

const notedInstallation = (from: string): string | null => {
  const folder = searchUpward(from, (at) => LEASE.test(basename(at)) && existsSync(installationNoteOf(at)));
  return folder === null ? null : readFileSync(installationNoteOf(folder), 'utf8');
};

const make = (path: string): boolean => {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined;
  if (!statSync(path).isDirectory())
    throw new InvalidInput('no place for state', [`${path} is not a folder; move it away`]);
  const ignoreFile = join(path, '.gitignore');
  if (!existsSync(ignoreFile)) writeFileSync(ignoreFile, IGNORE);
  return made;
};

/** The place as the rules name it, whether or not it exists; nothing is written. */
export const locateStudioDir = (cwd: string, env: Readonly<Record<string, string | undefined>>): string => {
  if (env.STUDIO_DIR) return resolve(cwd, env.STUDIO_DIR);
  const start = realpathSync(cwd);
  const noted = notedInstallation(start);
  if (noted !== null) return noted;
  const found = findUpward(start, '.studio');
  // A `.git` is a folder, or a file in worktrees and submodules: both are the root of a work tree.
  return join(found ?? findUpward(start, '.git') ?? start, '.studio');
};

/**
 * The `.studio` folder that serves `cwd`: `STUDIO_DIR`, else that of the run for which this folder was made, else the nearest one upward, else a new one at the root of the
 * git repository, else in `cwd`. It ignores itself in git except `config.yaml` and `recipes/`.
 * @throws {InvalidInput} the place cannot be made or is no folder
 */
export const findStudioDir = (cwd: string, env: Readonly<Record<string, string | undefined>>): StudioDir => {
  const place = locateStudioDir(cwd, env);
  try {
    const created = make(place);
    const path = realpathSync(place);
    return { path, configFile: join(path, 'config.yaml'), created };
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    const problem = `${place} cannot be made (${String(error)}); make the folder writable or set STUDIO_DIR to another place`;
    throw new InvalidInput('no place for state', [problem]);
  }
};
