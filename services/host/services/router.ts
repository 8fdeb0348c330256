import { dirname, resolve } from 'node:path';
import { createIntakeGuard } from '#events/redis';
import { createIntake, createRedisClaims } from '#orchestrations';
import { createUnknownEngines } from '#presence';
import { startRouter } from '#router';
import { packageVersion, type RunningService } from '#runtime';
import { readLearned } from '#views';
import { commandEnvironment } from '#workspace/environment';
import { createBacklogProjection } from '../backlog-projection.ts';
import { createPurseOf } from '../current-purse.ts';
import type { Installation } from '../installation.ts';
import { createKeepCommits } from '../keep-commits.ts';
import { createPointBranch } from '../point-branch.ts';
import { createRunFiles } from '../run-files.ts';
import type { ServiceOptions } from '../start-service.ts';

export const startRouterOn = (
  { studioDir, config, env, together = false, logger }: ServiceOptions,
  installation: Installation,
): Promise<RunningService> => {
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
    together,
    version: packageVersion(),
    logger,
  });
};
