import { fstatSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Script, ScriptIo } from './script-io.ts';

/**
 * Whether a terminal reads this output. A pipe or a file is told by its kind: `node:tty` brings all of `node:net` with
 * it, 7 ms that nobody sees the colour of.
 */
const isTerminal = (fd: number): boolean => {
  try {
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    return false; // closed
  }
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Past the streams of the process, which take longer to make than most of these scripts run. */
const write = (fd: number, text: string): void => {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      // A pipe that somebody made non-blocking is full: its reader is slower than we are.
      if (codeOf(error) === 'EAGAIN') continue;
      // The reader has seen enough, or nobody ever wanted to read.
      if (codeOf(error) === 'EPIPE' || codeOf(error) === 'EBADF') return;
      throw error;
    }
  }
};

/** The process as a script sees it. `argv[1]` is the built entry, in `dist/` of the package. */
const processIo = ({ env, argv, cwd }: NodeJS.Process): ScriptIo => ({
  out: (text) => write(1, text),
  err: (text) => write(2, text),
  terminal: isTerminal(1) && !env.NO_COLOR && env.TERM !== 'dumb',
  env,
  cwd: cwd(),
  packageRoot: dirname(dirname(argv[1] ?? '')),
  now: () => new Date(),
});

export const runScript = async (script: Script, process: NodeJS.Process): Promise<void> => {
  process.exitCode = await script(process.argv.slice(2), processIo(process));
};
