import { Readable } from 'node:stream';
import type { Io } from '../../cli/io.ts';
import { runCli } from '../../cli/run-cli.ts';
import { openSession } from '../../cli/session.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Folder to run in, where it is another one. */
  readonly cwd?: string;
  readonly stdin?: string;
  readonly onInterrupt?: Io['onInterrupt'];
  /** Told of all that was printed so far, whenever there is more of it. */
  readonly onPrinted?: (stdout: string) => void;
}

/** The command line in this process, as one at which nobody sits: a process for each would take half a second. */
export const commandLine =
  (place: Pick<Io, 'cwd' | 'env'>) =>
  async (argv: readonly string[], options: RunOptions = {}): Promise<Ran> => {
    const { cwd = place.cwd, stdin = '', onInterrupt = () => () => {}, onPrinted = () => {} } = options;
    const written = { stdout: '', stderr: '' };
    const output = (name: keyof typeof written) => ({
      isTTY: false,
      write: (text: string) => {
        written[name] += text;
        onPrinted(written.stdout);
      },
    });
    const io: Io = {
      stdout: output('stdout'),
      stderr: output('stderr'),
      stdin: Readable.from([stdin]),
      env: place.env,
      cwd,
      interactive: false,
      program: 'studio',
      now: () => new Date(),
      onInterrupt,
    };
    const code = await runCli(argv, { io, openSession, version: '1.2.3' });
    return { code, ...written };
  };
