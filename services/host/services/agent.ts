import { type RunRole, startAgent } from '#attempts';
import type { Role } from '#contracts';
import { packageVersion, type RunningService } from '#runtime';
import { readLearned } from '#views';
import { currentEquipment } from '../current-equipment.ts';
import { createPurseOf } from '../current-purse.ts';
import type { Installation } from '../installation.ts';
import type { ServiceOptions } from '../start-service.ts';

const ROLES = {
  architect: async () => (await import('#architect')).createArchitect,
  planner: async () => (await import('#planner')).createPlanner,
  builder: async () => (await import('#builder')).createBuilder,
} as const satisfies Readonly<Record<Role, unknown>>;

export const startAgentOn = async (
  role: Role,
  options: ServiceOptions,
  installation: Installation,
): Promise<RunningService> => {
  const { concurrency, logger } = options;
  const createRole = await ROLES[role]();
  const equipment = await currentEquipment({ ...options, outages: installation.outages });
  const { classifier } = await equipment();
  const known = (workspace: string) => readLearned(installation.redis, installation.tag, workspace);
  const purse = createPurseOf(installation, options);
  const runRole: RunRole = async (attempt) => createRole({ ...(await equipment()), known, purse })(attempt);
  const engines = async () => (await equipment()).engines.map(({ name }) => name);
  const version = packageVersion();
  return startAgent({ ...installation, role, runRole, engines, classifier, concurrency, version, logger });
};
