import { existsSync } from 'node:fs';
import { gitUrlOf } from '#contracts';
import { moveBranch } from '#repository';
import type { PointBranch } from '#router';
import type { Logger } from '#runtime';
import { unlessRefused } from './unless-refused.ts';

/**
 * The branch as a projection of the log: moved only from where an earlier projection left it. A repository that is not
 * on this host is another router's; a branch that somebody else moved is left where it is. That of a git URL is moved on
 * its server, by whichever router comes first.
 */
export const createPointBranch =
  (studioDir: string, logger: Logger): PointBranch =>
  async ({ root, branch, commit, from }) => {
    if (gitUrlOf(root) === null && !existsSync(root)) return;
    const move = () => moveBranch({ root, studioDir, branch, to: commit, from });
    const moved = await unlessRefused(move, (err) => logger.warn({ branch, err }, 'branch was not moved'));
    if (moved?.outcome === 'conflict')
      logger.warn({ branch, found: moved.found, commit }, 'branch was moved by others');
  };
