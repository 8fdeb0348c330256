import { dirname, join } from 'node:path';
import { RedisBusy, startEmbeddedRedis } from '#embedded-redis';
import { type Logger, loadConfig, ownIdentity, type RunningService, runService } from '#runtime';
import { createLogger } from '#runtime/logger';
import { buildIdentity } from './build-identity.ts';
import { createHandFolders } from './hand-folders.ts';
import { describeEnvironment } from './host-environment.ts';
import { removeHost, writeHost } from './host-file.ts';
import { untilIdle } from './idle.ts';
import { openInstallation } from './installation.ts';
import { serveCalls } from './serve-calls.ts';
import { SERVICES, type ServiceName, startOn } from './start-service.ts';
import { untilGone } from './until-gone.ts';

export interface RunHostOptions {
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const TAG = '{studio}';

/** A Redis that is started again when it dies, until told to stop. */
const keepRedis = async ({ studioDir, env }: RunHostOptions, logger: Logger, onLost: (error: unknown) => void) => {
  let stopped = false;
  const start = () =>
    startEmbeddedRedis({
      dir: join(studioDir, 'redis'),
      env,
      onExit: (err) => {
        if (stopped) return;
        logger.error({ err }, 'redis ended; starting it again');
        current = start();
        current.catch(onLost);
      },
    });
  let current = start();
  const { socketPath } = await current;
  return {
    socketPath,
    stop: async (): Promise<void> => {
      stopped = true;
      await (await current).stop();
    },
  };
};

const concurrencyOf = (service: ServiceName, host: { planners: number; builders: number }): number => {
  if (service === 'planner') return host.planners;
  return service === 'builder' ? host.builders : 1;
};

const startHost = async (options: RunHostOptions, logger: Logger, gone: Promise<void>): Promise<RunningService> => {
  const { studioDir, env } = options;
  // Before anything is loaded lazily: a build that replaces this one meanwhile is another.
  const build = buildIdentity();
  const { config } = await loadConfig({ file: join(studioDir, 'config.yaml'), env });
  let onLost: (error: unknown) => void = () => {};
  const lost = new Promise<never>((_resolve, reject) => {
    onLost = reject;
  });
  const server = await keepRedis(options, logger, onLost);
  const endpoint = { socketPath: server.socketPath };
  const installation = await openInstallation({ endpoint, tag: TAG, config, studioDir, name: 'host', logger });
  const names = SERVICES.filter((service) => service !== 'gateway' || config.host.gateway);
  const services = await Promise.all(
    names.map((service) => {
      const concurrency = concurrencyOf(service, config.host);
      return startOn(installation, { service, studioDir, config, env, concurrency, together: true, logger });
    }),
  );
  const callsPath = join(dirname(server.socketPath), 'host.sock');
  const handFolders = async () => createHandFolders({ config, studioDir, env });
  const calls = await serveCalls({ ...installation, socketPath: callsPath, config, handFolders, logger });
  const environment = describeEnvironment(env);
  const { socketPath } = server;
  await writeHost(studioDir, { ...ownIdentity(), socketPath, callsPath, tag: TAG, build, environment });

  const stopping = new AbortController();
  const idleMs = config.host.idle_s * 1_000;
  const idle = untilIdle({ ...installation, idleMs, lastCallAt: calls.lastAt, signal: stopping.signal });
  return {
    ended: Promise.race([idle, lost, gone]),
    stop: async () => {
      stopping.abort();
      await removeHost(studioDir);
      await calls.close();
      await Promise.all(services.map((service) => service.stop()));
      await installation.close();
      await server.stop();
    },
  };
};

/**
 * One process for one machine: a private Redis and every service. Ends when it is told to, or when nobody is there and
 * nothing can move without a person, or when its folder is gone. A second one for the same folder ends at once.
 */
export const runHost = async (options: RunHostOptions): Promise<void> => {
  const logger = createLogger({ name: 'host', level: options.env.STUDIO_LOG_LEVEL ?? 'info' });
  const { studioDir } = options;
  const gone = untilGone(studioDir);
  const lostFolder = gone.then(() => {
    throw new Error(`${studioDir} was removed`);
  });
  lostFolder.catch(() => undefined);
  await runService({
    name: 'host',
    logger,
    start: () =>
      Promise.race([startHost(options, logger, gone), lostFolder]).catch((error: unknown) => {
        if (!(error instanceof RedisBusy)) throw error;
        logger.info({ studioDir }, 'another host is there');
        return { stop: async () => undefined, ended: Promise.resolve() };
      }),
  });
};
