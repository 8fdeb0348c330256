import type { Readable } from 'node:stream';

/** One end of a terminal, or a pipe or file in its place. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY: boolean;
}

/** Everything that a command may touch of the process it runs in. Tests pass their own. */
export interface Io {
  readonly stdout: Output;
  /** Progress and errors; data never. */
  readonly stderr: Output;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Somebody can answer: input and output are a terminal. */
  readonly interactive: boolean;
  /** How the person called this program, for lines to copy: `studio`, `bin/studio`. */
  readonly program: string;
  now(): Date;
  /** Ctrl-C. Without a listener it ends the process. @returns how to stop listening */
  onInterrupt(listener: () => void): () => void;
}
