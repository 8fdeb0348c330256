import { userInfo } from 'node:os';
import type { Studio } from '#client';
import type { RedisEndpoint } from '#runtime';
import type { Io } from './io.ts';

export interface Session {
  readonly studio: Studio;
  /** Folder of this machine's state: where a repository without git has its private one. */
  readonly studioDir: string;
  close(): Promise<void>;
}

/** Connects to where orchestrations live, starting it first where that is this machine's own business. */
export type OpenSession = (io: Io) => Promise<Session>;

/** Hash tag of every key and queue, where the environment names no other. */
const DEFAULT_TAG = '{studio}';

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may run a user id that has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
};

/** Of the person at the terminal, for the audit trail. */
export const actorOf = (): string => `person:${userName()}`;

/** Where the Redis is: the one that REDIS_URL names, or the host of this folder, which is started if need be. */
export const placeOf = async (studioDir: string, env: Io['env']): Promise<{ endpoint: RedisEndpoint; tag: string }> => {
  if (env.REDIS_URL) return { endpoint: { url: env.REDIS_URL }, tag: env.STUDIO_TAG ?? DEFAULT_TAG };
  const { ensureHost } = await import('#host');
  return ensureHost({ studioDir, env });
};

/**
 * `REDIS_URL` names the place; without it the host of the nearest `.studio` is it, started in the background unless it
 * runs already.
 * @throws {Unavailable} nothing answers, or the host does not start
 */
export const openSession: OpenSession = async ({ env, cwd }) => {
  const [{ connectRedis, findStudioDir, loadConfig }, { connectStudio }] = await Promise.all([
    import('#runtime'),
    import('#client'),
  ]);
  const { path: studioDir, configFile } = findStudioDir(cwd, env);
  const { config } = await loadConfig({ file: configFile, env });
  const { endpoint, tag } = await placeOf(studioDir, env);
  // The host counts the connections of this name, and ends when there is none and nothing to do.
  const redis = await connectRedis({ ...endpoint, name: 'cli' });
  const studio = await connectStudio({ redis, tag, config, actor: actorOf() });
  return {
    studio,
    studioDir,
    async close() {
      await studio.close();
      redis.disconnect();
    },
  };
};

/** Opens, uses, and closes in any case. */
export const withSession = async <T>(
  { io, openSession: open }: { readonly io: Io; readonly openSession: OpenSession },
  use: (session: Session) => Promise<T>,
): Promise<T> => {
  const session = await open(io);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
};
