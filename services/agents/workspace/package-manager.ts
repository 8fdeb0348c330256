import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';

export type PackageManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'uv' | 'poetry';

export interface LockFile {
  readonly file: string;
  readonly manager: PackageManagerName;
  /** Installs exactly what the lock file says. */
  readonly install: string;
  /** Installed packages lie in `node_modules` and can be copied; a Python environment cannot move. */
  readonly portable: boolean;
}

const node = (file: string, manager: PackageManagerName, install: string): LockFile => ({
  file,
  manager,
  install,
  portable: true,
});

/** In the order in which they decide, where a folder has several. */
const LOCK_FILES: readonly LockFile[] = [
  node('pnpm-lock.yaml', 'pnpm', 'pnpm install --frozen-lockfile --prefer-offline'),
  node('bun.lock', 'bun', 'bun install --frozen-lockfile'),
  node('bun.lockb', 'bun', 'bun install --frozen-lockfile'),
  node('yarn.lock', 'yarn', 'yarn install --frozen-lockfile --prefer-offline'),
  node('npm-shrinkwrap.json', 'npm', 'npm ci --no-audit --no-fund --prefer-offline'),
  node('package-lock.json', 'npm', 'npm ci --no-audit --no-fund --prefer-offline'),
  { file: 'uv.lock', manager: 'uv', install: 'uv sync --frozen', portable: false },
  { file: 'poetry.lock', manager: 'poetry', install: 'poetry install --no-interaction', portable: false },
];

/** Takes what the ranges allow today, and leaves the repository without a lock file, as its people do. */
const WITHOUT_LOCK = node('package.json', 'npm', 'npm install --no-package-lock --no-audit --no-fund --prefer-offline');

export interface FoundLock {
  readonly lock: LockFile;
  readonly content: Buffer;
}

/** @returns the lock file of a folder with its text, or `null` when it has none */
export const findLockFile = async (directory: string): Promise<FoundLock | null> => {
  for (const lock of LOCK_FILES) {
    const content = await readFile(join(directory, lock.file)).catch(() => null);
    if (content !== null) return { lock, content };
  }
  return null;
};

/** The nearest folder upward, within the repository, that has a lock file; without any it is the folder itself. */
export const installFolder = async (directory: string, top: string): Promise<string> => {
  for (let at = directory; ; at = dirname(at)) {
    if ((await findLockFile(at)) !== null) return at;
    if (at === top || at === dirname(at)) return directory;
  }
};

const Manifest = z.looseObject({
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.unknown()).default({}),
  devDependencies: z.record(z.string(), z.unknown()).default({}),
  optionalDependencies: z.record(z.string(), z.unknown()).default({}),
  workspaces: z.unknown().optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/** @returns package.json as far as it concerns us, or `null` where there is none that can be read */
export const readManifest = async (directory: string): Promise<Manifest | null> => {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')));
  } catch {
    return null;
  }
};

/** How to install what a `package.json` asks for that has no lock file beside it. */
export const installWithoutLock = (manifest: Manifest): FoundLock => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  // A file that is not there has no content: what the installation depends on is what is asked for.
  const content = Buffer.from(JSON.stringify([dependencies, devDependencies, optionalDependencies]));
  return { lock: WITHOUT_LOCK, content };
};
