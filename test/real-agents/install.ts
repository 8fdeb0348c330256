import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Agents that others wrote are no dependency of ours: they live in a cache, each in a folder of its version. */
export const agentsCache = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'studio', 'test-agents');

export type Installed = { readonly folder: string } | { readonly reason: string };

// `--ignore-scripts`: their programs are in the packages, and nothing of theirs has to run to be installed.
const FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1'];

/** Installs an exact version from the npm registry, once. @returns where it is, or why it cannot be had here */
export const installAgent = async (specifier: string): Promise<Installed> => {
  const folder = join(agentsCache(), specifier.replaceAll('/', '+'));
  const mark = join(folder, 'installed');
  if (existsSync(mark)) return { folder };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const { failed, stderr, shortMessage } = await execa('npm', ['install', ...FLAGS, specifier], {
    cwd: folder,
    timeout: 300_000,
    reject: false,
  });
  if (failed) return { reason: `npm cannot install ${specifier}: ${stderr.split('\n')[0] || shortMessage}` };
  await writeFile(mark, '');
  return { folder };
};
