import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { commandLine } from '../support/command-line.ts';

/** The command line in a folder of its own. */
export const studioIn = (env: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'studio-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = commandLine({
    cwd: folder,
    env: { PATH: process.env.PATH, STUDIO_DIR: join(folder, '.studio'), ...env },
  });
  return { folder, run };
};
