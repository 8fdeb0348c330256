import { join } from 'node:path';
import { InvalidInput, namedEngines } from '#contracts';
import type { Io } from '../io.ts';

/** Those that a host of this folder has, by the configuration and the environment here. */
export const configuredEngines = async ({ cwd, env }: Pick<Io, 'cwd' | 'env'>) => {
  const [{ loadConfig, locateStudioDir }, { enginesOf }] = await Promise.all([
    import('#runtime'),
    import('#host/engines'),
  ]);
  const studioDir = locateStudioDir(cwd, env);
  const { config } = await loadConfig({ file: join(studioDir, 'config.yaml'), env });
  return { config, configured: enginesOf(config, studioDir, env) };
};

export const knownEngines = async (io: Pick<Io, 'cwd' | 'env'>): Promise<readonly string[]> =>
  (await configuredEngines(io)).configured.map(({ name }) => name);

/**
 * Judged before a host is started for it. One that runs may have engines that this terminal does not know, and workers
 * of a Redis elsewhere have a configuration of their own: there, intake asks them.
 * @throws {InvalidInput} no engine has the name that was asked for
 */
export const assertKnownEngine = async (io: Pick<Io, 'cwd' | 'env'>, engine: string | undefined): Promise<void> => {
  const named = namedEngines(engine);
  if (named.length === 0 || io.env.REDIS_URL) return;
  const [{ locateStudioDir }, { readHost }] = await Promise.all([import('#runtime'), import('#host/client')]);
  if (await readHost(locateStudioDir(io.cwd, io.env))) return;
  const known = (await knownEngines(io)).toSorted();
  const unknown = named.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const { unknownEngineProblems } = await import('#client');
  throw new InvalidInput('the goal was refused', unknownEngineProblems({ unknown, known }));
};
