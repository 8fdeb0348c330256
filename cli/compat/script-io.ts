/** What a script may touch of the process it runs in. Synchronous: such a process does one thing and ends. */
export interface ScriptIo {
  /** Data and progress. */
  out(text: string): void;
  /** Warnings and errors. */
  err(text: string): void;
  /** A person looks at the output. */
  readonly terminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder of this package. */
  readonly packageRoot: string;
  now(): Date;
}

/** Runs a script with the arguments after its name to its exit code. */
export type Script = (args: readonly string[], io: ScriptIo) => number | Promise<number>;
