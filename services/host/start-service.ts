import type { Config } from '#contracts';
import type { Logger, RunningService } from '#runtime';
import { type Installation, type InstallationOptions, openInstallation } from './installation.ts';

export const SERVICES = ['router', 'state', 'architect', 'planner', 'builder', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface ServiceOptions {
  readonly service: ServiceName;
  readonly studioDir: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Attempts at the same time; agents only. */
  readonly concurrency: number;
  /** All services are in this process: what one stores, the router is told without the feed. */
  readonly together?: boolean;
  readonly logger: Logger;
}

/** One service, on what the services of this process share. Only its own code is loaded: that is most of what a start costs. */
export const startOn = async (installation: Installation, options: ServiceOptions): Promise<RunningService> => {
  switch (options.service) {
    case 'router':
      return (await import('./services/router.ts')).startRouterOn(options, installation);
    case 'state':
      return (await import('./services/state.ts')).startStateOn(options, installation);
    case 'architect':
    case 'planner':
    case 'builder':
      return (await import('./services/agent.ts')).startAgentOn(options.service, options, installation);
    case 'gateway':
      return (await import('./services/gateway.ts')).startGatewayOn(options, installation);
  }
};

/**
 * One service in a process of its own.
 * @throws {UnfitRedis} the server would lose facts
 */
export const startService = async (
  options: ServiceOptions & Pick<InstallationOptions, 'endpoint' | 'tag'>,
): Promise<RunningService> => {
  const installation = await openInstallation({ ...options, name: options.service });
  const service = await startOn(installation, options).catch(async (error: unknown) => {
    await installation.close();
    throw error;
  });
  return {
    ...service,
    stop: async () => {
      await service.stop();
      await installation.close();
    },
  };
};
