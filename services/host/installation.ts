import type { Config } from '#contracts';
import { createRedisEventLog, createTail } from '#events/redis';
import { createOrchestrations, loadPolicies } from '#orchestrations';
import { connectRedis, type Logger, type RedisEndpoint, requireFitRedis } from '#runtime';

export interface InstallationOptions {
  readonly endpoint: RedisEndpoint;
  readonly tag: string;
  readonly config: Config;
  /** Of the connection, as the Redis server shows it: whoever is not `host` is a guest that a host waits for. */
  readonly name: string;
  readonly logger: Logger;
}

/**
 * What the services of one process share: a connection, the log on it, the store with the states that are known, and
 * one tail of the feed.
 * @throws {UnfitRedis} the server would lose facts
 */
export const openInstallation = async ({ endpoint, tag, config, name, logger }: InstallationOptions) => {
  const onError = (err: unknown) => logger.warn({ err }, 'redis is away');
  const redis = await connectRedis({ ...endpoint, name, blocking: true, onError });
  await requireFitRedis(redis);
  const log = createRedisEventLog({ redis, tag });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const now = () => new Date();
  const orchestrations = createOrchestrations({ log, policies, now, draw: Math.random });
  const tail = createTail({ redis, tag, onError });
  return {
    redis,
    tag,
    log,
    policies,
    orchestrations,
    watch: tail.watch,
    now,
    close: async (): Promise<void> => {
      await tail.close();
      redis.disconnect();
    },
  };
};
export type Installation = Awaited<ReturnType<typeof openInstallation>>;
