import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 512;

const sizeOf = async (path: string): Promise<number> => {
  const stats = await lstat(path).catch(() => null);
  return stats === null ? 0 : stats.blocks * BLOCK_BYTES;
};

/** Bytes that a file or folder takes on disk; what goes away meanwhile counts nothing. */
export const diskUsage = async (path: string): Promise<number> => {
  let total = await sizeOf(path);
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const inside = join(path, entry.name);
    total += entry.isDirectory() ? await diskUsage(inside) : await sizeOf(inside);
  }
  return total;
};
