import { archiveFolderOf } from '#archive';
import { createKnownOutages } from '#attempts/known-outages';
import type { Config } from '#contracts';
import { createRedisEventLog, createTail } from '#events/redis';
import { createOrchestrations, loadPolicies } from '#orchestrations';
import { connectRedis, type Logger, type RedisEndpoint, requireFitRedis } from '#runtime';

export interface InstallationOptions {
  readonly endpoint: RedisEndpoint;
  readonly tag: string;
  readonly config: Config;
  readonly studioDir: string;
  /** Of the connection, as the Redis server shows it: whoever is not `host` is a guest that a host waits for. */
  readonly name: string;
  readonly logger: Logger;
}

/**
 * What the services of one process share: a connection, the log on it, the store with the states that are known, one tail
 * of the feed, and what was found out about providers.
 * @throws {UnfitRedis} the server would lose facts
 */
export const openInstallation = async (options: InstallationOptions) => {
  const { endpoint, tag, config, studioDir, name, logger } = options;
  const onError = (err: unknown) => logger.warn({ err }, 'redis is away');
  const redis = await connectRedis({ ...endpoint, name, blocking: true, onError });
  await requireFitRedis(redis);
  // A host reaches its own Redis by a socket; whatever has a URL is somebody's server.
  const archiveFolder = archiveFolderOf(config.retention, { studioDir, isShared: 'url' in endpoint });
  const log = createRedisEventLog({ redis, tag, archiveFolder: async () => archiveFolder });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const now = () => new Date();
  const orchestrations = createOrchestrations({ log, policies, now, draw: Math.random });
  const tail = createTail({ redis, tag, onError });
  return {
    redis,
    tag,
    log,
    archiveFolder,
    policies,
    orchestrations,
    watch: tail.watch,
    now,
    outages: createKnownOutages(),
    close: async (): Promise<void> => {
      await tail.close();
      redis.disconnect();
    },
  };
};
export type Installation = Awaited<ReturnType<typeof openInstallation>>;
