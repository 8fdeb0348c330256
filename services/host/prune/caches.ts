import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diskUsage } from './disk-usage.ts';
import type { Findings, PruneOptions } from './parts.ts';

const isOlder = async (path: string, before: Date): Promise<boolean> => {
  const stats = await stat(path).catch(() => null);
  return stats !== null && stats.mtimeMs < before.getTime();
};

/** Out of the way first: whoever looks for it then finds all of it or nothing. */
const removeFolder = async (folder: string): Promise<void> => {
  const gone = `${folder}.${randomUUID()}`;
  await rename(folder, gone);
  await rm(gone, { recursive: true, force: true });
};

/** Installed dependencies, a folder a lock file; what package managers keep, a folder a repository. A use makes it young again. */
const folders = async (
  kind: 'dependencies' | 'packages',
  { cacheDir, before }: PruneOptions,
): Promise<Findings['removable']> => {
  const place = join(cacheDir, kind);
  const found: Findings['removable'][number][] = [];
  for (const name of await readdir(place).catch(() => [])) {
    const where = join(place, name);
    if (!(await isOlder(where, before))) continue;
    const why = 'nobody used it since';
    const remove = async () => {
      if (await isOlder(where, before)) await removeFolder(where);
    };
    found.push({ kind, name, where, bytes: await diskUsage(where), why, remove });
  }
  return found;
};

/** What gates said of a tree: small files, and many, so they are told as one. */
const verdicts = async ({ cacheDir, before }: PruneOptions): Promise<Findings['removable']> => {
  const where = join(cacheDir, 'verdicts');
  const old: string[] = [];
  let bytes = 0;
  for (const name of await readdir(where).catch(() => [])) {
    const file = join(where, name);
    if (!(await isOlder(file, before))) continue;
    old.push(file);
    bytes += await diskUsage(file);
  }
  if (old.length === 0) return [];
  const remove = async () => {
    for (const file of old) await rm(file, { force: true });
  };
  return [{ kind: 'verdicts', name: `${old.length} of gates`, where, bytes, why: 'they are old', remove }];
};

/** Caches: all of them are made again when they are missing. */
export const oldCaches = async (options: PruneOptions): Promise<Findings> => ({
  removable: [
    ...(await folders('dependencies', options)),
    ...(await folders('packages', options)),
    ...(await verdicts(options)),
  ],
  kept: [],
});
