import { packageVersion, type RunningService } from '#runtime';
import { startState } from '#state';
import type { Installation } from '../installation.ts';
import type { ServiceOptions } from '../start-service.ts';

/** Nothing is archived by itself where nobody has named a folder that lasts. */
export const startStateOn = (
  { config, logger }: ServiceOptions,
  installation: Installation,
): Promise<RunningService> => {
  const { log, archiveFolder: folder, orchestrations } = installation;
  const { archive_after_days: afterDays } = config.retention;
  const retention = folder !== null && afterDays !== false ? { log, folder, afterDays } : null;
  return startState({ ...installation, load: orchestrations.load, retention, version: packageVersion(), logger });
};
