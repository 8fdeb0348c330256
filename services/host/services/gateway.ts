import { startGateway } from '#gateway';
import { packageVersion, type RunningService } from '#runtime';
import { createBacklogProjection } from '../backlog-projection.ts';
import { createHandFolders } from '../hand-folders.ts';
import type { Installation } from '../installation.ts';
import { createLookAhead } from '../look-ahead.ts';
import type { ServiceOptions } from '../start-service.ts';

export const startGatewayOn = async (
  { config, studioDir, env, logger }: ServiceOptions,
  { redis, tag, archiveFolder }: Installation,
): Promise<RunningService> => {
  const lookAhead = createLookAhead({ config, studioDir, env });
  const projectBacklog = createBacklogProjection({ studioDir, env });
  const handFolders = async () => createHandFolders({ config, studioDir, env });
  const place = { redis, tag, archiveFolder, studioDir, projectBacklog, lookAhead, handFolders };
  return startGateway({ ...place, config, apiKey: env.STUDIO_API_KEY, version: packageVersion(), logger });
};
