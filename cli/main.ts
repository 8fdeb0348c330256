import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Io } from './io.ts';
import { runCli } from './run-cli.ts';
import { openSession } from './session.ts';

// This file is in cli/ in a checkout and in dist/ once built: the package is one level up from either.
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const readVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const found = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null;
  return typeof found === 'string' ? found : 'unknown';
};

/** In a checkout, and for who runs it by npx, nothing put `studio` on the PATH; lines to copy say what works there. */
const programName = (): string => {
  if (!existsSync(join(root, 'cli', 'main.ts'))) return process.env.npm_command === 'exec' ? 'npx studio' : 'studio';
  const script = join(root, 'bin', 'studio');
  const near = relative(process.cwd(), script);
  return near.startsWith('..') ? script : near;
};

const output = (stream: NodeJS.WriteStream): Io['stdout'] => ({
  write: (text) => stream.write(text),
  isTTY: stream.isTTY === true,
});

// `studio events | head`: the reader has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const io: Io = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  program: programName(),
  now: () => new Date(),
  onInterrupt(listener) {
    process.on('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
};

let ended = false;
// What was still asked when a command failed and closed its connection has nobody any more who waits for it.
process.on('unhandledRejection', (error) => {
  if (!ended) throw error;
});

process.exitCode = await runCli(process.argv.slice(2), { io, openSession, version: readVersion() });
ended = true;
