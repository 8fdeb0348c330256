import { Redis } from 'ioredis';

/** What answers on a socket. `loading`: the server reads its file and takes no other commands yet. */
export interface Answer {
  readonly configFile: string;
  readonly loading: boolean;
}

const withConnection = async <T>(socketPath: string, use: (redis: Redis) => Promise<T>): Promise<T | null> => {
  const redis = new Redis({
    path: socketPath,
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    disableClientInfo: true,
    // HELLO is refused while a server loads its data; INFO is not.
    protocol: 2,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await use(redis);
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
};

const field = (info: string, name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';

/** `null`: nothing answers there. */
export const probe = (socketPath: string): Promise<Answer | null> =>
  withConnection(socketPath, async (redis) => {
    const info = await redis.info();
    return { configFile: field(info, 'config_file'), loading: field(info, 'loading') === '1' };
  });

/** Asks the server to end; what it acknowledged is on disk already, so there is nothing to save. */
export const requestShutdown = async (socketPath: string): Promise<void> => {
  await withConnection(socketPath, (redis) => redis.shutdown('NOSAVE'));
};
