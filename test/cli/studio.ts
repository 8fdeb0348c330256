import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll } from 'vitest';
import type { Io } from '../../cli/io.ts';
import { runCli } from '../../cli/run-cli.ts';
import { openSession } from '../../cli/session.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly onInterrupt?: Io['onInterrupt'];
}

/** The command line in this process, in a folder of its own, with nobody at the terminal. */
export const studioIn = (env: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'studio-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (
    argv: readonly string[],
    { stdin = '', onInterrupt = () => () => {} }: RunOptions = {},
  ): Promise<Ran> => {
    const written = { stdout: '', stderr: '' };
    const output = (name: keyof typeof written) => ({
      isTTY: false,
      write: (text: string) => {
        written[name] += text;
      },
    });
    const io: Io = {
      stdout: output('stdout'),
      stderr: output('stderr'),
      stdin: Readable.from([stdin]),
      env: { PATH: process.env.PATH, STUDIO_DIR: join(folder, '.studio'), ...env },
      cwd: folder,
      interactive: false,
      program: 'studio',
      now: () => new Date(),
      onInterrupt,
    };
    const code = await runCli(argv, { io, openSession, version: '1.2.3' });
    return { code, ...written };
  };
  return { folder, run };
};
