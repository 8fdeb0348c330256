import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { AgentPresetName } from '#contracts';
import { KNOWN_AGENTS, type KnownAgent } from '../known-agents.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Login {
  /** `null`: it cannot be known without asking the provider. */
  readonly loggedIn: boolean | null;
  /** Whose money its work costs, for people. */
  readonly account: string;
}

/** Some keep their folder elsewhere on request. */
const loginFile = (file: string, { folder, variable }: KnownAgent['sandbox'], env: Environment): string => {
  const moved = variable === null ? undefined : env[variable];
  return moved ? join(moved, file.slice(folder.length)) : join(env.HOME ?? '/', file);
};

/** What can be known without network: a variable that is set, a file that a login leaves. */
export const loginOf = (name: AgentPresetName, env: Environment, platform: NodeJS.Platform): Login => {
  const { keys, sandbox, program } = KNOWN_AGENTS[name];
  const variable = keys.find((candidate) => env[candidate]);
  if (variable) return { loggedIn: true, account: `the account of ${variable}` };
  const account = `the account that is logged in to ${program}`;
  if (sandbox.login.some((file) => existsSync(loginFile(file, sandbox, env)))) return { loggedIn: true, account };
  // There they use the key chain of the system.
  return { loggedIn: platform === 'darwin' ? null : false, account };
};

const Manifest = z.object({ name: z.string(), version: z.string() });

const manifestIn = (folder: string): z.infer<typeof Manifest> | null => {
  try {
    return Manifest.safeParse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
};

/** As its package says it, so that nothing has to be started; `null` where it was installed another way. */
export const agentVersion = (name: AgentPresetName, file: string): string | null => {
  try {
    for (let folder = dirname(realpathSync(file)); folder !== dirname(folder); folder = dirname(folder)) {
      const manifest = manifestIn(folder);
      if (manifest?.name === KNOWN_AGENTS[name].package) return manifest.version;
    }
  } catch {
    // It is gone by now.
  }
  return null;
};
