import * as z from 'zod';

const Paths = z.array(z.string().startsWith('/'));
const OfHome = z.array(z.string().regex(/^[^/]/));

/** What the program of an agent needs that many people use. */
const KnownAgent = z.strictObject({
  program: z.string(),
  read: z.array(z.string()),
  write: z.array(z.string()),
  allow: z.array(z.string()),
});

/** `data/sandbox.yaml`. */
export const SandboxData = z.strictObject({
  system: Paths,
  hidden: Paths,
  kernel: Paths,
  tools: OfHome,
  settings: OfHome,
  caches: OfHome,
  hosts: z.array(z.string()),
  agents: z.array(KnownAgent),
});
export type SandboxData = z.infer<typeof SandboxData>;

/** What somebody needs beside what all have. Paths may begin with `~/`. */
export interface Needs {
  /** Of an engine that the policy says more about. */
  readonly engine?: string;
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
  readonly data: SandboxData;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
}
