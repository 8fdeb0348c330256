import { archiveFolderOf, connectStudio, type LookAhead } from '#client';
import { createBacklogProjection, keepHost } from '#host/client';
import { connectRedis, findStudioDir, loadConfig } from '#runtime';
import { actorOf } from './actor.ts';
import type { Io } from './io.ts';
import { placeOf } from './place.ts';
import type { Session } from './session.ts';

/**
 * `REDIS_URL` names the place; without it the host of the nearest `.studio` is it, started in the background unless it
 * runs already.
 * @throws {Unavailable} nothing answers, or the host does not start
 */
export const connect = async ({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Promise<Session> => {
  const { path: studioDir, configFile } = findStudioDir(cwd, env);
  const config = async () => (await loadConfig({ file: configFile, env })).config;
  const { endpoint, tag, unknownToHost } = await placeOf(studioDir, env);
  // The host counts the connections of this name, and ends when there is none and nothing to do.
  const redis = await connectRedis({ ...endpoint, name: 'cli' });
  const isShared = Boolean(env.REDIS_URL);
  const archiveFolder = async () => archiveFolderOf((await config()).retention, { studioDir, isShared });
  const projectBacklog = createBacklogProjection({ studioDir, env });
  const lookAhead: LookAhead = async (request) => {
    const { createLookAhead } = await import('#host/look-ahead');
    return createLookAhead({ config: await config(), studioDir, env })(request);
  };
  const handFolders = async () => {
    const { createHandFolders } = await import('#host/hand-folders');
    return createHandFolders({ config: await config(), studioDir, env, cwd });
  };
  const engineNames = async () => (await import('./engines/known-engines.ts')).knownEngines({ cwd, env });
  const ways = { lookAhead, handFolders, ...(isShared ? {} : { engineNames }) };
  const place = { redis, tag, archiveFolder, projectBacklog, studioDir, ...ways };
  const studio = await connectStudio({ ...place, config, actor: actorOf() });
  const kept = env.REDIS_URL ? null : keepHost({ studioDir, env });
  return {
    studio,
    studioDir,
    unknownToHost,
    async close() {
      kept?.stop();
      await studio.close();
      redis.disconnect();
    },
  };
};
