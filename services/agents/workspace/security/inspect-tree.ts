import { lstat, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { askGit, type GitScope, git } from '#repository';
import type { FoundSecret } from '../secrets.ts';
import { SecurityViolation } from './security-violation.ts';

export interface TreeInspection {
  readonly scope: GitScope & { readonly workTree: string };
  /** The trees before and after the work. */
  readonly before: string;
  readonly after: string;
  readonly findSecrets: (text: string) => readonly FoundSecret[];
  /** Globs of files that may hold what looks like a secret. */
  readonly secretFiles: readonly string[];
  readonly signal: AbortSignal;
}

interface ChangedFile {
  readonly path: string;
  readonly isLink: boolean;
}

/** A text of this size is data. A key in it is not found. */
const MOST_BYTES = 1024 * 1024;

const LINK = '120000';
const SUBMODULE = '160000';

/** Reads `git diff-tree --raw -z`: modes, objects and status, then a path. */
const changedFiles = async ({ scope, before, after, signal }: TreeInspection): Promise<readonly ChangedFile[]> => {
  const args = ['diff-tree', '-r', '--raw', '-z', '--no-renames', before, after, '--'];
  const tokens = (await git(scope, args, { signal })).split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [, mode = ''] = (tokens[at] ?? '').split(' ');
    const isGone = (tokens[at] ?? '').endsWith(' D');
    if (!isGone && mode !== SUBMODULE) files.push({ path: tokens[at + 1] ?? '', isLink: mode === LINK });
  }
  return files;
};

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep);
};

/** The place that a path leads to, with the links on the way; what is not there yet is no link. */
const placeOf = async (path: string): Promise<string> => {
  const real = await realpath(path).catch(() => null);
  if (real !== null || dirname(path) === path) return real ?? path;
  return join(await placeOf(dirname(path)), relative(dirname(path), path));
};

/** A link out of the workspace is a door through which the next command writes. Nothing is behind `/dev/null`. */
const refuseLinks = async (files: readonly ChangedFile[], { scope: { workTree } }: TreeInspection): Promise<void> => {
  const top = await realpath(workTree);
  for (const { path } of files.filter(({ isLink }) => isLink)) {
    const target = await readlink(join(top, path)).catch(() => null);
    if (target === null || target === '/dev/null') continue;
    if (!isInside(top, await placeOf(resolve(dirname(join(top, path)), target))))
      throw new SecurityViolation(
        `security violation: ${path} is a link out of the workspace, to ${target}; nothing was committed`,
        { path },
      );
  }
};

/** A key that lies in the files before the work is known already, wherever the work copies it. */
const isKnown = async (secret: FoundSecret, { scope, before, signal }: TreeInspection): Promise<boolean> => {
  const line = secret.text.split('\n').at(-1) ?? '';
  const args = ['grep', '-q', '-a', '-F', '-f', '-', before, '--'];
  return (await askGit(scope, args, { signal, input: `${line}\n` })).exitCode === 0;
};

const textOf = async (file: string): Promise<string> => {
  const stats = await lstat(file).catch(() => null);
  return stats?.isFile() && stats.size <= MOST_BYTES ? readFile(file, 'utf8').catch(() => '') : '';
};

const refuseSecrets = async (files: readonly ChangedFile[], inspection: TreeInspection): Promise<void> => {
  const { scope, findSecrets, secretFiles, signal } = inspection;
  const isMeant = picomatch([...secretFiles], { dot: true });
  for (const { path } of files.filter(({ path: name, isLink }) => !isLink && !isMeant(name))) {
    signal.throwIfAborted();
    for (const secret of findSecrets(await textOf(join(scope.workTree, path))))
      if (!(await isKnown(secret, inspection)))
        throw new SecurityViolation(
          `security violation: ${path} would hold ${secret.kind}; nothing was committed. Treat it as known to others. If it is none, name the file under security.secret_files in .studio/config.yaml`,
          { path, kind: secret.kind },
        );
  }
};

/**
 * Looks at what the work would add to history.
 * @throws {SecurityViolation} a secret that was not there before, or a link out of the workspace; the secret is not named
 */
export const inspectTree = async (inspection: TreeInspection): Promise<void> => {
  const files = await changedFiles(inspection);
  await refuseLinks(files, inspection);
  await refuseSecrets(files, inspection);
};
