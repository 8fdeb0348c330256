import { Redis, type RedisOptions } from 'ioredis';
import { Unavailable } from '#contracts';
import { joinWrites } from './join-writes.ts';

/** Where a Redis is: a URL (`redis://…`, `rediss://…`) or the path of a unix socket. */
export type RedisEndpoint = { readonly url: string } | { readonly socketPath: string };

export type ConnectRedisOptions = RedisEndpoint & {
  /** Shown by CLIENT LIST: `studio:<name>`. */
  readonly name: string;
  /**
   * A worker waits for the server as long as it takes; a client (the default) gives up after a few seconds, because a
   * person or an HTTP request waits for it.
   */
  readonly blocking?: boolean;
  /** Told about every lost connection; reconnecting goes on by itself. Without a listener Node would end the process. */
  readonly onError?: (error: Error) => void;
};

/** At the delays below about three seconds: a restart of the server passes, an outage is told. */
const CLIENT_RETRIES = 5;
const MAX_RETRY_DELAY_MS = 2_000;

const retryDelay = (times: number) => Math.min(50 * 2 ** Math.min(times, 6), MAX_RETRY_DELAY_MS);

/** The options that every connection shares; also for libraries that make their own connections. */
export const redisOptions = (options: ConnectRedisOptions) =>
  ({
    connectionName: `studio:${options.name}`,
    keepAlive: 10_000,
    connectTimeout: 5_000,
    maxRetriesPerRequest: options.blocking ? null : CLIENT_RETRIES,
    retryStrategy: retryDelay,
    ...('socketPath' in options ? { path: options.socketPath } : {}),
  }) satisfies RedisOptions;

/** Without user and password: fit for messages and logs. */
export const describeEndpoint = (endpoint: RedisEndpoint): string => {
  if ('socketPath' in endpoint) return endpoint.socketPath;
  const { protocol, host, pathname } = URL.canParse(endpoint.url)
    ? new URL(endpoint.url)
    : new URL('redis://malformed');
  return `${protocol}//${host}${pathname}`;
};

/**
 * A connection that is ready for commands.
 * @throws {Unavailable} nothing answers there within the retries of a client; a blocking one waits
 */
export const connectRedis = async (options: ConnectRedisOptions): Promise<Redis> => {
  const settings = redisOptions(options);
  const redis = 'url' in options ? new Redis(options.url, settings) : new Redis(settings);
  if (options.blocking) joinWrites(redis);
  let last: Error | null = null;
  redis.on('error', (error: Error) => {
    last = error;
    options.onError?.(error);
  });
  try {
    // Connecting goes on by itself: the first command waits for it under the retry limit. Not `lazyConnect`, which
    // BullMQ's own copies of the connection would inherit: theirs fail for good when the first try to connect does.
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    const place = describeEndpoint(options);
    const reason = String(last ?? error);
    throw new Unavailable(
      `no Redis answers at ${place} (${reason}); start it or correct REDIS_URL`,
      { place },
      { cause: error },
    );
  }
};
