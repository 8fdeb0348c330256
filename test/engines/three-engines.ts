import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Scene, setScene } from '../support/scene.ts';

const AGENT = fileURLToPath(new URL('../support/model-agent.mjs', import.meta.url));

/** Engines that ask a model, each in its own way. Their scenarios have their names. */
export const ASKING = ['program', 'agent', 'model'] as const;
export type Asking = (typeof ASKING)[number];

/** A program of the command protocol, an agent of the Agent Client Protocol, and the model itself. */
const enginesAt = (url: (scenario: string) => string) => ({
  commands: {
    program: { command: `'${process.execPath}' '${AGENT}' command ${url('program')}`, can: ['plan', 'work'] },
  },
  agents: { agent: { command: `'${process.execPath}' '${AGENT}' acp ${url('agent')}`, can: ['plan', 'work'] } },
  models: {
    model: {
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      base_url: `${url('model')}/v1`,
      api_key_env: 'SCRIPTED_KEY',
    },
  },
});

/** The port of the model server, which a sandbox has to let through. */
const hostOf = (url: (scenario: string) => string): string => `localhost:${new URL(url('any')).port}`;

export interface EnginesOptions {
  readonly url: (scenario: string) => string;
  /** More of the configuration of the services. */
  readonly config?: object;
  /** More of the environment of services and client. */
  readonly env?: Readonly<Record<string, string>>;
  /** What commands read besides, where a sandbox is in force. */
  readonly read?: readonly string[];
}

/** Services that have these engines, in processes of their own. */
export const setEngines = async ({ url, config = {}, env = {}, read = [] }: EnginesOptions): Promise<Scene> => {
  const scene = await setScene({ env: { SCRIPTED_KEY: 'sk-local', ...env } });
  const folder = join(scene.folder, 'host', '.studio');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'config.yaml'),
    JSON.stringify({ engines: enginesAt(url), sandbox: { allow: [hostOf(url)], read }, ...config }),
  );
  return scene;
};
