import { existsSync } from 'node:fs';
import { keepCommits } from '#repository';
import type { KeepCommits } from '#router';
import type { Logger } from '#runtime';

/**
 * What a fork may go back to, under its own name. A repository that is not on this host is another router's; a commit
 * that is gone shows where a worker asks for it.
 */
export const createKeepCommits =
  (studioDir: string, logger: Logger): KeepCommits =>
  async ({ root, commits }, orchestration) => {
    if (!existsSync(root)) return;
    const missing = await keepCommits({ root, studioDir, orchestration, commits });
    if (missing.length > 0) logger.warn({ orchestration, missing }, 'commits of the run it comes from are gone');
  };
