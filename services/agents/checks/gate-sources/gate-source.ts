import type { Gate } from '#contracts';

export interface FoundCommand {
  readonly command: string;
  /** For people: `package.json scripts.test`. */
  readonly source: string;
}

export type FoundCommands = Readonly<Partial<Record<Gate, FoundCommand>>>;

/** Looks for the gates of one kind of project. @param path the value of `PATH` for commands */
export type GateSource = (directory: string, path: string) => Promise<FoundCommands>;
