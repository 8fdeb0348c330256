import { existsSync } from 'node:fs';
import { moveBranch } from '#repository';
import type { PointBranch } from '#router';
import type { Logger } from '#runtime';

/**
 * The branch as a projection of the log: moved only from where an earlier projection left it. A repository that is not
 * on this host is another router's; a branch that somebody else moved is left where it is.
 */
export const createPointBranch =
  (studioDir: string, logger: Logger): PointBranch =>
  async ({ root, branch, commit, from }) => {
    if (!existsSync(root)) return;
    const place = { root, studioDir, branch, to: commit };
    const made = await moveBranch({ ...place, from: null });
    if (made.outcome !== 'conflict') return;
    const moved =
      made.found !== null && from.includes(made.found) ? await moveBranch({ ...place, from: made.found }) : made;
    if (moved.outcome === 'conflict') logger.warn({ branch, found: moved.found, commit }, 'branch was moved by others');
  };
