import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import * as z from 'zod';
import { type FilesPlace, listFiles } from '../list-files.ts';
import { readText } from '../operations/workspace-file.ts';

/** Limit of silent reading. */
const MAX_FILE_BYTES = 512 * 1024;

/** Written by tools: never the place of a typo, and never edited by hand. */
const GENERATED = picomatch(['**/package-lock.json', '**/pnpm-lock.yaml', '**/yarn.lock', '**/*.lock', '**/*.min.js'], {
  dot: true,
});

const Section = z.record(z.string(), z.string()).catch({});
const PackageJson = z.object({
  name: z.string().catch(''),
  type: z.string().catch('commonjs'),
  main: z.string().nullable().catch(null),
  scripts: Section,
  dependencies: Section,
  devDependencies: Section,
  engines: Section,
});

/** What templates see as `workspace`. */
export interface WorkspaceFacts {
  readonly files: readonly string[];
  /** `null` where there is none, or none that can be read. */
  readonly package: z.infer<typeof PackageJson> | null;
  readonly package_manager: 'npm' | 'pnpm' | 'yarn';
  /** How a script is run: `npm run`. */
  readonly run: string;
  /** How the tests are run; `null` where package.json has no script for them. */
  readonly test: string | null;
}

const readPackage = async (directory: string): Promise<WorkspaceFacts['package']> => {
  try {
    return PackageJson.parse(JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')));
  } catch {
    return null;
  }
};

const packageManager = (files: readonly string[]): WorkspaceFacts['package_manager'] => {
  if (files.includes('pnpm-lock.yaml')) return 'pnpm';
  return files.includes('yarn.lock') ? 'yarn' : 'npm';
};

export const readWorkspaceFacts = async (place: FilesPlace): Promise<WorkspaceFacts> => {
  const { directory } = place;
  const files = await listFiles(place);
  const manager = packageManager(files);
  const described = await readPackage(directory);
  const test = described?.scripts.test;
  return {
    files,
    package: described,
    package_manager: manager,
    run: `${manager} run`,
    // What `npm init` writes is no test.
    test: test === undefined || test.includes('no test specified') ? null : `${manager} test`,
  };
};

/** Text files of the workspace that fit the globs, read one by one: links, binaries and large files are passed over. */
export async function* textFiles(
  directory: string,
  files: readonly string[],
  globs: string | readonly string[],
): AsyncGenerator<{ readonly file: string; readonly content: string }> {
  const list = typeof globs === 'string' ? [globs] : globs;
  const wanted = picomatch(
    list.filter((glob) => !glob.startsWith('!')),
    { dot: true, ignore: list.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)) },
  );
  for (const file of files) {
    if (!wanted(file) || GENERATED(file)) continue;
    const path = join(directory, file);
    const stats = await lstat(path).catch(() => null);
    if (!stats?.isFile() || stats.size > MAX_FILE_BYTES) continue;
    const content = await readText(path);
    if (content !== null) yield { file, content };
  }
}
