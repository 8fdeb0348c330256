import * as z from 'zod';

const Paths = z.array(z.string().startsWith('/'));
const OfHome = z.array(z.string().regex(/^[^/]/));

/** `data/sandbox.yaml`. */
export const SandboxData = z.strictObject({
  system: Paths,
  hidden: Paths,
  kernel: Paths,
  tools: OfHome,
  settings: OfHome,
  caches: OfHome,
  hosts: z.array(z.string()),
});
export type SandboxData = z.infer<typeof SandboxData>;

/** What the program of a coding agent needs. Paths are relative to the home folder. */
export interface AgentProgram {
  readonly name: string;
  /** Matches a word of the command line, or the last part of a path in it. */
  readonly program: RegExp;
  readonly hosts: readonly string[];
  /** Where it keeps what it knows; in a sandbox it is a new one. */
  readonly folder: string;
  /** The variable that says that this folder is elsewhere. */
  readonly variable: string | null;
  /** Files right in the folder that it renews: what it writes there is the person's. */
  readonly login: readonly string[];
  /** Files beside or in the folder of which it gets a copy. */
  readonly copied: readonly string[];
  /** What the person set up. It could run something, so it is only read. */
  readonly settings: readonly string[];
  /** Folders that stay with a repository. */
  readonly conversations: readonly string[];
}

/** What a program needs in a sandbox beside what commands see. Paths may begin with `~/`; what is not there is left out. */
export interface Needs {
  /** Name of the engine: `sandbox.engines` of the configuration says what it needs besides. */
  readonly engine?: string;
  /** Name of the known agent that the program is: the policy says what those need. */
  readonly agent?: string;
  /** Variables that the program gets beside those of commands. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Hosts, as `example.com`, `*.example.com` or `example.com:8443`. */
  readonly allow?: readonly string[];
  readonly read?: readonly string[];
  readonly write?: readonly string[];
}

export interface SandboxPolicy {
  readonly mode: 'auto' | 'required' | 'off';
  readonly network: 'none' | 'allow-list' | 'open';
  /** Hosts (`example.com`, `*.example.com`, `example.com:8443`), and `localhost:5432` of this machine. */
  readonly allow: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly engines: Readonly<Record<string, Needs>>;
  /** Hosts that the programs of all engines may reach: where the configuration says that their models are. */
  readonly models: readonly string[];
  /** Whether a program may make namespaces of its own, as a sandbox within the sandbox does. */
  readonly nested: boolean;
  /** Agents that are known by the name of their program. */
  readonly agents: readonly AgentProgram[];
  readonly data: SandboxData;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
}
