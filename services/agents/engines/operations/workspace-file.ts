import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { StudioError, WorkspacePath } from '#contracts';

/** A path of an operation leads out of the workspace, or into `.git`. Never a mistake to try again. */
export class OutsideWorkspace extends StudioError {
  readonly code = 'operation.outside_workspace';
  readonly remedy = 'none';
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const isInside = (root: string, path: string): boolean => {
  const inside = relative(root, path);
  return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && resolve(root, inside) === path;
};

/** `path` with the links of its folders resolved. What does not exist yet cannot be a link. */
const resolveFolders = async (path: string): Promise<string> => {
  const folder = dirname(path);
  const real = (await exists(folder)) ? await realpath(folder) : await resolveFolders(folder);
  return join(real, path.slice(folder.length + (folder.endsWith(sep) ? 0 : 1)));
};

/**
 * Where an operation really acts. `follow` also resolves a link that is the file itself: contents are written through
 * links, while delete and move act on the link. A process that swaps a folder for a link between this check and the
 * write could still win that race; the worktree belongs to one lease, so nobody else should be there.
 * @throws {OutsideWorkspace}
 */
export const locate = async (directory: string, path: string, { follow }: { follow: boolean }): Promise<string> => {
  const parsed = WorkspacePath.safeParse(path);
  if (!parsed.success)
    throw new OutsideWorkspace(`the path ${JSON.stringify(path)} is refused: ${parsed.error.issues[0]?.message}`);
  const root = await realpath(directory);
  let real = await resolveFolders(join(root, path));
  if (follow && (await exists(real)) && (await lstat(real)).isSymbolicLink()) {
    real = await realpath(real).catch(() => '');
  }
  if (!isInside(root, real))
    throw new OutsideWorkspace(`${path} leads out of the workspace through a symbolic link`, { path });
  if (relative(root, real).toLowerCase().split(sep).includes('.git'))
    throw new OutsideWorkspace(`${path} is inside a .git folder, which operations never touch`, { path });
  return real;
};

/**
 * Replaces the whole file or nothing, keeping its permissions: the content goes to a new file beside it, reaches the
 * disk, and takes the name.
 */
export const writeAtomically = async (path: string, content: string | Buffer): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const mode = await lstat(path).then(
    (stats) => stats.mode & 0o7777,
    () => null,
  );
  const temporary = join(dirname(path), `.studio-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    await file.writeFile(content).finally(() => file.close());
    if (mode !== null) await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

/** The text of a file, or `null` when it is no text: a NUL byte, or bytes that are not UTF-8. A byte-order mark stays. */
export const readText = async (path: string): Promise<string | null> => {
  const bytes = await readFile(path);
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};
