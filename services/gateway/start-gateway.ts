import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { type ConnectStudioOptions, connectStudio, type LookAhead } from '#client';
import { type Config, Unavailable } from '#contracts';
import { announce } from '#presence';
import { type Logger, type RunningService, requireFitRedis } from '#runtime';
import { createServer } from './create-server.ts';
import { requireSafeAddress } from './guard.ts';
import { createMetrics } from './metrics.ts';

export interface GatewayOptions {
  readonly redis: Redis;
  /** Hash tag of every key. */
  readonly tag: string;
  readonly config: Pick<Config, 'gateway'> & Exclude<ConnectStudioOptions['config'], () => unknown>;
  /** `STUDIO_API_KEY`. An empty one is none. */
  readonly apiKey?: string | undefined;
  /** Where archived runs are; `null`: nowhere that this process knows. */
  readonly archiveFolder?: string | null;
  readonly projectBacklog?: ConnectStudioOptions['projectBacklog'];
  /** State of this machine: where folders without git have their repositories. */
  readonly studioDir?: string;
  /** Looks at a workspace for a dry run. */
  readonly lookAhead?: LookAhead | undefined;
  /** Where work is done by hand. */
  readonly handFolders?: ConnectStudioOptions['handFolders'];
  readonly version: string;
  readonly logger: Logger;
  readonly now?: () => Date;
  readonly heartbeatMs?: number;
}

export interface Gateway extends RunningService {
  /** Where it listens: `http://127.0.0.1:4100`. */
  readonly url: string;
}

/** @throws {Unavailable} also where a person must cure the server: a probe only asks whether to send requests here */
const requireReady = async (redis: Redis): Promise<void> => {
  try {
    await requireFitRedis(redis);
  } catch (cause) {
    throw new Unavailable(cause instanceof Error ? cause.message : String(cause), {}, { cause });
  }
};

/**
 * Serves the client over HTTP.
 * @throws {KeyMissing} the address is not loopback and there is no key
 */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { redis, tag, config, archiveFolder = null, studioDir, version, logger, now = () => new Date() } = options;
  const apiKey = options.apiKey || undefined;
  const { host, port } = config.gateway;
  requireSafeAddress(host, apiKey);
  const onError = (err: unknown) => logger.warn({ err }, 'gateway will try again');

  const { projectBacklog, lookAhead, handFolders } = options;
  const ways = { projectBacklog, lookAhead, handFolders, studioDir };
  const place = { redis, tag, archiveFolder: async () => archiveFolder, ...ways };
  const client = { ...place, config, now, onError };
  const studio = await connectStudio({ ...client, actor: 'person:http' });
  const metrics = createMetrics({ redis, tag, now });
  const app = await createServer({
    studio,
    version,
    logger,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
    ready: () => requireReady(redis),
    metrics: metrics.text,
    observe: metrics.observe,
  });
  const url = await app.listen({ host, port });
  const presence = announce(
    redis,
    tag,
    { id: randomUUID(), service: 'gateway', host: hostname(), pid: process.pid, concurrency: 1, version },
    onError,
  );
  await presence.ready;
  return {
    url,
    stop: async () => {
      await presence.stop();
      await app.close();
      await studio.close();
    },
  };
};
