import { dirname, resolve } from 'node:path';
import { createArchitect } from '#architect';
import { type RunRole, startAgent } from '#attempts';
import { createBuilder } from '#builder';
import type { Config, Role } from '#contracts';
import { createIntakeGuard } from '#events/redis';
import { createIntake, createRedisClaims } from '#orchestrations';
import { createPlanner } from '#planner';
import { createUnknownEngines } from '#presence';
import { startRouter } from '#router';
import { type Logger, packageVersion, type RunningService } from '#runtime';
import { startState } from '#state';
import { readLearned } from '#views';
import { commandEnvironment } from '#workspace';
import { createBacklogProjection } from './backlog-projection.ts';
import { currentEquipment } from './current-equipment.ts';
import { createPurseOf } from './current-purse.ts';
import { createHandFolders } from './hand-folders.ts';
import { type Installation, type InstallationOptions, openInstallation } from './installation.ts';
import { createKeepCommits } from './keep-commits.ts';
import { createLookAhead } from './look-ahead.ts';
import { createPointBranch } from './point-branch.ts';
import { createRunFiles } from './run-files.ts';

export const SERVICES = ['router', 'state', 'architect', 'planner', 'builder', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface ServiceOptions {
  readonly service: ServiceName;
  readonly studioDir: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Attempts at the same time; agents only. */
  readonly concurrency: number;
  readonly logger: Logger;
}

const router = ({ studioDir, config, env, logger }: ServiceOptions, installation: Installation) => {
  const { redis, tag, log } = installation;
  const intake = createIntake({
    ...installation,
    log,
    claims: createRedisClaims(redis, tag),
    guard: createIntakeGuard({ redis }),
    unknownEngines: createUnknownEngines(installation),
  });
  const pointBranch = createPointBranch(studioDir, logger);
  const keepCommits = createKeepCommits(studioDir, logger);
  const projectBacklog = createBacklogProjection({ studioDir, env });
  const keepFiles = createRunFiles({
    studioDir,
    env,
    logger,
    known: (workspace) => readLearned(redis, tag, workspace),
  });
  return startRouter({
    ...installation,
    purse: createPurseOf(installation, { studioDir, config, env }),
    intake,
    pointBranch,
    keepCommits,
    projectBacklog,
    keepFiles,
    hooks: {
      config: config.hooks,
      secret: env.STUDIO_HOOK_SECRET,
      environment: commandEnvironment(env, config.env.allow),
      directory: dirname(resolve(studioDir)),
    },
    version: packageVersion(),
    logger,
  });
};

const ROLES = {
  architect: createArchitect,
  planner: createPlanner,
  builder: createBuilder,
} as const satisfies Readonly<Record<Role, unknown>>;

const agent = async (role: Role, options: ServiceOptions, installation: Installation) => {
  const { concurrency, logger } = options;
  const createRole = ROLES[role];
  const equipment = await currentEquipment({ ...options, outages: installation.outages });
  const { classifier } = await equipment();
  const known = (workspace: string) => readLearned(installation.redis, installation.tag, workspace);
  const purse = createPurseOf(installation, options);
  const runRole: RunRole = async (attempt) => createRole({ ...(await equipment()), known, purse })(attempt);
  const engines = async () => (await equipment()).engines.map(({ name }) => name);
  const version = packageVersion();
  return startAgent({ ...installation, role, runRole, engines, classifier, concurrency, version, logger });
};

/** Fastify is loaded where it serves, and nowhere else. */
const gateway = async (
  { config, studioDir, env, logger }: ServiceOptions,
  { redis, tag, archiveFolder }: Installation,
): Promise<RunningService> => {
  const { startGateway } = await import('#gateway');
  const lookAhead = createLookAhead({ config, studioDir, env });
  const projectBacklog = createBacklogProjection({ studioDir, env });
  const handFolders = async () => createHandFolders({ config, studioDir, env });
  const place = { redis, tag, archiveFolder, studioDir, projectBacklog, lookAhead, handFolders };
  return startGateway({ ...place, config, apiKey: env.STUDIO_API_KEY, version: packageVersion(), logger });
};

/** Nothing is archived by itself where nobody has named a folder that lasts. */
const state = ({ config, logger }: ServiceOptions, installation: Installation): Promise<RunningService> => {
  const { log, archiveFolder: folder, orchestrations } = installation;
  const { archive_after_days: afterDays } = config.retention;
  const retention = folder !== null && afterDays !== false ? { log, folder, afterDays } : null;
  return startState({ ...installation, load: orchestrations.load, retention, version: packageVersion(), logger });
};

/** One service, on what the services of this process share. */
export const startOn = (installation: Installation, options: ServiceOptions): Promise<RunningService> => {
  switch (options.service) {
    case 'router':
      return router(options, installation);
    case 'state':
      return state(options, installation);
    case 'architect':
    case 'planner':
    case 'builder':
      return agent(options.service, options, installation);
    case 'gateway':
      return gateway(options, installation);
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
