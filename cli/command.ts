import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { OpenSession } from './session.ts';

/** What commands are made with. */
export interface Deps {
  readonly io: Io;
  readonly openSession: OpenSession;
}

/** One call of a command, as it was typed. Options are parsed by the command: they come from outside. */
export interface Call extends Deps {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Print the document instead of its rendering. */
  readonly json: boolean;
}

export type Run = (call: Call) => Promise<ExitCode>;

export interface OptionSpec {
  /** As commander reads it: `-f, --follow`, `--workspace <dir>`, `--label <k=v...>`. */
  readonly flags: string;
  readonly about: string;
}

/** A command as data: what `--help`, completion and the reference are made from. */
export interface CommandSpec {
  /** `why [id]`. */
  readonly usage: string;
  readonly about: string;
  /** One that works when copied, but for ids. */
  readonly example: string;
  readonly options?: readonly OptionSpec[];
  /** Loads what the command needs, and only that. */
  readonly load: () => Promise<Run>;
  /** It prints a document or lines of them, so `--json` means something. Default true. */
  readonly hasDocument?: boolean;
}

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandSpec[];
}
