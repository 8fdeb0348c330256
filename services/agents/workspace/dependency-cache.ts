import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import * as z from 'zod';
import type { LockFile } from './package-manager.ts';

/** What an installation depends on: the lock file, what compiled packages were built for, and whose scripts may have run. */
export const dependencyKey = ({ install }: LockFile, content: Buffer, owner: string): string =>
  createHash('sha256')
    .update([install, process.version, process.platform, process.arch, owner].join('\0'))
    .update(content)
    .digest('hex')
    .slice(0, 32);

export const cachedDependencies = (cacheDir: string, key: string): string =>
  join(cacheDir, 'dependencies', key, 'node_modules');

/** Shares blocks where the file system can and copies elsewhere; never hard links, which would share later writes. */
const COPY = process.platform === 'darwin' ? ['-Rpc'] : ['-a', '--reflink=auto'];

/** Copies a folder whole or not at all. Two that copy to one place: one wins, both are content. */
export const copyFolder = async (from: string, to: string, signal: AbortSignal): Promise<void> => {
  const draft = `${to}.${randomUUID()}`;
  await mkdir(dirname(to), { recursive: true });
  try {
    await execa('cp', [...COPY, '--', from, draft], { cancelSignal: signal, stdin: 'ignore' });
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    signal.throwIfAborted();
    if (!(await isFolder(to))) throw error;
  }
};

export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

const Entry = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  optional: z.boolean().optional(),
  link: z.boolean().optional(),
});
const NpmLock = z.looseObject({ packages: z.record(z.string(), Entry) });

const readLock = async (file: string) => {
  try {
    return NpmLock.parse(JSON.parse(await readFile(file, 'utf8'))).packages;
  } catch {
    return null;
  }
};

/**
 * Whether `node_modules` of the person's own folder is what this lock file installs, as npm itself noted it down there.
 * Optional packages may be missing: they are left out on other platforms.
 */
export const matchesLock = async (modules: string, lockFile: string): Promise<boolean> => {
  const [wanted, installed] = await Promise.all([readLock(lockFile), readLock(join(modules, '.package-lock.json'))]);
  if (wanted === null || installed === null) return false;
  if (Object.values(wanted).some((entry) => entry.link)) return false;
  const packages = Object.entries(wanted).filter(([path]) => path !== '');
  const same = packages.every(([path, entry]) => {
    const found = installed[path];
    return found === undefined
      ? entry.optional === true
      : found.version === entry.version && found.integrity === entry.integrity;
  });
  return same && Object.keys(installed).every((path) => path in wanted);
};
