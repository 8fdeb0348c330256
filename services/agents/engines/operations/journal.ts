import { cp, lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What files were before they were changed, so that a list of operations can be undone. */
export interface Journal {
  /** Call before changing or deleting `path`: a file, a link or a whole folder, or nothing yet. */
  readonly remember: (path: string) => Promise<void>;
  readonly onUndo: (undo: () => Promise<unknown>) => void;
  /** Newest first. Goes on after an undo that failed: the rest is still worth having back. */
  readonly undo: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const copyOptions = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };

export const createJournal = (): Journal => {
  const undos: (() => Promise<unknown>)[] = [];
  let folder: string | undefined;

  return {
    async remember(path) {
      const isPresent = await lstat(path).then(
        () => true,
        () => false,
      );
      if (!isPresent) {
        undos.push(() => rm(path, { force: true, recursive: true }));
        return;
      }
      folder ??= await mkdtemp(join(tmpdir(), 'studio-undo-'));
      const copy = join(folder, String(undos.length));
      await cp(path, copy, copyOptions);
      undos.push(async () => {
        await rm(path, { force: true, recursive: true });
        await cp(copy, path, copyOptions);
      });
    },
    onUndo: (undo) => void undos.push(undo),
    async undo() {
      for (const undo of undos.splice(0).reverse()) await undo().catch(() => undefined);
    },
    async close() {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
};
