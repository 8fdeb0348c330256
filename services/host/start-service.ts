import { type RunRole, startAgent } from '#attempts';
import { createBuilder } from '#builder';
import type { Config } from '#contracts';
import { createIntakeGuard, createRedisEventLog } from '#events/redis';
import { createIntake, createOrchestrations, createRedisClaims, loadPolicies } from '#orchestrations';
import { createPlanner } from '#planner';
import { startRouter } from '#router';
import {
  connectRedis,
  type Logger,
  packageVersion,
  type RedisEndpoint,
  type RunningService,
  requireFitRedis,
} from '#runtime';
import { startState } from '#state';
import { currentEquipment } from './current-equipment.ts';
import { createPointBranch } from './point-branch.ts';

export const SERVICES = ['router', 'state', 'planner', 'builder', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface StartServiceOptions {
  readonly service: ServiceName;
  readonly endpoint: RedisEndpoint;
  readonly tag: string;
  readonly studioDir: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Attempts at the same time; agents only. */
  readonly concurrency: number;
  readonly logger: Logger;
  /** Shown by the Redis server; a name of its own makes a service a guest that a host waits for. */
  readonly connectionName?: string;
}

/** What every service shares: a connection, the log on it, and the store of orchestrations. */
const connect = async ({ endpoint, tag, config, service, logger, connectionName }: StartServiceOptions) => {
  const redis = await connectRedis({
    ...endpoint,
    name: connectionName ?? service,
    blocking: true,
    onError: (err) => logger.warn({ err }, 'redis is away'),
  });
  await requireFitRedis(redis);
  const log = createRedisEventLog({ redis, tag });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const now = () => new Date();
  const orchestrations = createOrchestrations({ log, policies, now, draw: Math.random });
  return { redis, tag, log, policies, orchestrations, now };
};
type Shared = Awaited<ReturnType<typeof connect>>;

const router = ({ studioDir, logger }: StartServiceOptions, shared: Shared) => {
  const { redis, tag, log } = shared;
  const claims = createRedisClaims(redis, tag);
  const intake = createIntake({ ...shared, log, claims, guard: createIntakeGuard({ redis }) });
  const pointBranch = createPointBranch(studioDir, logger);
  return startRouter({ ...shared, intake, pointBranch, version: packageVersion(), logger });
};

const agent = async (role: 'planner' | 'builder', options: StartServiceOptions, shared: Shared) => {
  const { concurrency, logger } = options;
  const createRole = role === 'planner' ? createPlanner : createBuilder;
  const equipment = await currentEquipment(options);
  const { classifier } = await equipment();
  const runRole: RunRole = async (attempt) => createRole(await equipment())(attempt);
  return startAgent({ ...shared, role, runRole, classifier, concurrency, version: packageVersion(), logger });
};

/** Fastify is loaded where it serves, and nowhere else. */
const gateway = async (
  { config, env, logger }: StartServiceOptions,
  { redis, tag }: Shared,
): Promise<RunningService> => {
  const { startGateway } = await import('#gateway');
  return startGateway({ redis, tag, config, apiKey: env.STUDIO_API_KEY, version: packageVersion(), logger });
};

const start = (options: StartServiceOptions, shared: Shared): Promise<RunningService> => {
  switch (options.service) {
    case 'router':
      return router(options, shared);
    case 'state':
      return startState({ ...shared, version: packageVersion(), logger: options.logger });
    case 'planner':
    case 'builder':
      return agent(options.service, options, shared);
    case 'gateway':
      return gateway(options, shared);
  }
};

/**
 * One service in this process, with a connection of its own.
 * @throws {UnfitRedis} the server would lose facts
 */
export const startService = async (options: StartServiceOptions): Promise<RunningService> => {
  const shared = await connect(options);
  const service = await start(options, shared).catch((error: unknown) => {
    shared.redis.disconnect();
    throw error;
  });
  return {
    ...service,
    stop: async () => {
      await service.stop();
      shared.redis.disconnect();
    },
  };
};
