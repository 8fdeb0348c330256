import { cp, mkdir, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommandOutcome } from '#engines';
import { type GitScope, git } from '#repository';
import { cachedDependencies, copyFolder, dependencyKey, isFolder, matchesLock } from './dependency-cache.ts';
import { findProgram } from './find-program.ts';
import { type FoundLock, findLockFile, installWithoutLock, type Manifest, readManifest } from './package-manager.ts';

/** How a fresh worktree became able to run the project's own commands. */
export interface SetUpResult {
  readonly how: 'nothing' | 'copied' | 'cached' | 'installed' | 'failed' | 'not_available';
  /** For people: `npm ci, from package-lock.json`. */
  readonly source: string;
  readonly output: string;
  readonly durationMs: number;
  /** Files that `workspace.copy` took along. */
  readonly copied: readonly string[];
}

export interface SetUpRequest {
  /** `auto` follows the lock file, or package.json where there is none, `false` does nothing, any other text is the command. */
  readonly setup: 'auto' | false | string;
  readonly directory: string;
  /** The same folder in the person's own checkout; `null` where there is none. */
  readonly original: string | null;
  readonly cacheDir: string;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly run: (command: string) => Promise<CommandOutcome>;
  /** Who may find again what is installed here: all (`''`), or the run that changed what it is installed from. */
  readonly owner: () => Promise<string>;
}

type Prepared = Omit<SetUpResult, 'durationMs' | 'copied'>;

const NOTHING: Prepared = { how: 'nothing', source: 'nothing to set up', output: '' };

/** @throws the signal's reason; a command that fails is the answer `failed` with what it printed */
export const setUpDirectory = async (request: SetUpRequest): Promise<Prepared> => {
  const { setup, directory } = request;
  if (setup === false) return NOTHING;
  if (setup !== 'auto') return install(request, setup, 'workspace.setup');
  const [locked, manifest] = await Promise.all([findLockFile(directory), readManifest(directory)]);
  const found = locked ?? (manifest && installWithoutLock(manifest));
  if (found === null) return NOTHING;
  if (!found.lock.portable) return installWith(request, found);
  if (!needsInstall(manifest)) return NOTHING;
  // Packages of a monorepo have folders of their own and links between them: only its tool lays those out right.
  const movable = manifest?.workspaces === undefined && found.lock.manager !== 'pnpm';
  return movable ? reuseOrInstall(request, found) : installWith(request, found);
};

const sourceOf = ({ lock }: FoundLock) => `${lock.install.split(' --')[0]}, from ${lock.file}`;

const reuseOrInstall = async (request: SetUpRequest, found: FoundLock): Promise<Prepared> => {
  const { directory, original, cacheDir, signal } = request;
  const { lock, content } = found;
  const modules = join(directory, 'node_modules');
  const cached = cachedDependencies(cacheDir, dependencyKey(lock, content, await request.owner()));
  if (await isFolder(cached)) {
    // Its age is how long nobody used it: `prune` removes what is old.
    await utimes(dirname(cached), new Date(), new Date());
    await copyFolder(cached, modules, signal);
    return { how: 'cached', source: sourceOf(found), output: '' };
  }
  const theirs = original && join(original, 'node_modules');
  if (theirs && lock.manager === 'npm' && (await matchesLock(theirs, join(directory, lock.file)))) {
    await copyFolder(theirs, modules, signal);
    return { how: 'copied', source: `node_modules of ${original}, as ${lock.file} has it`, output: '' };
  }
  const result = await installWith(request, found);
  if (result.how === 'installed' && (await isFolder(modules))) await copyFolder(modules, cached, signal);
  return result;
};

const needsInstall = (manifest: Manifest | null) =>
  manifest === null ||
  manifest.workspaces !== undefined ||
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].some(
    (packages) => Object.keys(packages).length > 0,
  );

const installWith = async (request: SetUpRequest, found: FoundLock): Promise<Prepared> => {
  const { manager, install: command } = found.lock;
  if ((await findProgram(manager, request.path)) !== null) return install(request, command, sourceOf(found));
  const output = `${manager} is not on the PATH: install it, or name another command as workspace.setup`;
  return { how: 'not_available', source: sourceOf(found), output };
};

const install = async (request: SetUpRequest, command: string, source: string): Promise<Prepared> => {
  const { exitCode, output, timedOut } = await request.run(command);
  const ended = timedOut ? `${output}\n${command} did not end in time` : output;
  return { how: exitCode === 0 && !timedOut ? 'installed' : 'failed', source, output: ended };
};

export interface CopyRequest {
  readonly checkout: GitScope & { readonly workTree: string };
  readonly worktree: string;
  readonly globs: readonly string[];
  readonly signal: AbortSignal;
}

/** Takes ignored files along that the work needs (`.env.test`). @returns their paths from the top of the repository */
export const copyIgnored = async ({ checkout, worktree, globs, signal }: CopyRequest): Promise<readonly string[]> => {
  if (globs.length === 0) return [];
  const listed = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--'];
  const output = await git(checkout, [...listed, ...globs.map((glob) => `:(glob)${glob}`)], { signal });
  const paths = output.split('\0').filter((path) => path !== '');
  for (const path of paths) {
    signal.throwIfAborted();
    const target = join(worktree, path);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(checkout.workTree, path), target, { verbatimSymlinks: true });
  }
  return paths;
};

/** Which of these paths git would commit: those that set-up put there and no `.gitignore` names. */
export const notIgnored = async (
  scope: GitScope,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> => {
  if (paths.length === 0) return [];
  const input = paths.join('\0');
  const ignored = await git(scope, ['check-ignore', '-z', '--stdin'], { input, signal, accept: [1] });
  const known = new Set(ignored.split('\0'));
  return paths.filter((path) => !known.has(path));
};
