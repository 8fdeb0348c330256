import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { gitUrlOf } from '#contracts';
import { locateStudioDir } from '#runtime';
import { workspaceOf } from './goal-options.ts';
import type { Io } from './io.ts';

/**
 * Whose backlog is meant: the folder or git URL that was named, else the project that we are in, wherever in it that is. Symbolic
 * links are resolved, because two ways to write a path are two backlogs.
 * @throws {InvalidInput} the folder is not there
 */
export const projectFolder = ({ workspace }: { readonly workspace?: string | undefined }, io: Io): string => {
  if (workspace === undefined) return dirname(locateStudioDir(io.cwd, {}));
  const folder = workspaceOf({ workspace }, io);
  // On another machine it may be there all the same.
  return io.env.REDIS_URL || gitUrlOf(folder) ? folder : realpathSync(folder);
};
