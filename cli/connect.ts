import { archiveFolderOf, connectStudio, type LookAhead } from '#client';
import { createBacklogProjection, ensureHost, type HostPlace, keepHost } from '#host/client';
import { connectRedis, findStudioDir, loadConfig, type RedisEndpoint } from '#runtime';
import { actorOf } from './actor.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';

/** Hash tag of every key and queue, where the environment names no other. */
const DEFAULT_TAG = '{studio}';

type Place = Omit<HostPlace, 'endpoint'> & { readonly endpoint: RedisEndpoint };

/** Where the Redis is: the one that REDIS_URL names, or the host of this folder, which is started if need be. */
export const placeOf = async (studioDir: string, env: Io['env']): Promise<Place> => {
  const url = env.REDIS_URL;
  if (url) return { endpoint: { url }, tag: env.STUDIO_TAG ?? DEFAULT_TAG, unknownToHost: [] };
  return ensureHost({ studioDir, env });
};

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
  const place = { redis, tag, archiveFolder, projectBacklog, studioDir, lookAhead, handFolders };
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
