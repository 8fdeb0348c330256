import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';

const Remembered = z.strictObject({ base: z.enum(['green', 'red']), at: z.number() });

/**
 * Green is remembered for good: the same files say the same. Red only for a while, because a test that failed by chance
 * would switch its gate off for every later goal on that commit. A missing tool never: installing it changes no file.
 */
const RED_LASTS_MS = 15 * 60 * 1000;

export interface VerdictCacheOptions {
  readonly cacheDir: string;
  /** The folder within the tree: the same command means another thing in another package. */
  readonly folder: string;
  readonly tree: string;
  /** Dependencies that are no part of the tree. */
  readonly lock: Buffer | undefined;
  readonly now: () => number;
}

const recall = async (file: string, now: number): Promise<'green' | 'red' | null> => {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { base, at } = Remembered.parse(JSON.parse(text));
    return base === 'red' && now - at > RED_LASTS_MS ? null : base;
  } catch {
    // Written by another version, or cut off by a full disk: it is only a cache.
    await rm(file, { force: true });
    return null;
  }
};

const remember = async (file: string, base: 'green' | 'red', at: number): Promise<void> => {
  const draft = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, JSON.stringify({ base, at }));
  await rename(draft, file);
};

/** What checks said of a tree, for all runs of this machine. */
export const createVerdictCache = ({ cacheDir, folder, tree, lock, now }: VerdictCacheOptions) => {
  const fileOf = (check: string): string => {
    const hash = createHash('sha256').update([tree, folder, check, process.version, ''].join('\0'));
    const name = hash
      .update(lock ?? '')
      .digest('hex')
      .slice(0, 40);
    return join(cacheDir, 'verdicts', `${name}.json`);
  };
  return {
    recall: (check: string) => recall(fileOf(check), now()),
    remember: (check: string, base: 'green' | 'red') => remember(fileOf(check), base, now()),
  };
};
