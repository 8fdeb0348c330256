import { existsSync } from 'node:fs';
import { gitUrlOf } from '#contracts';
import { keepCommits } from '#repository';
import type { KeepCommits } from '#router';
import type { Logger } from '#runtime';
import { unlessRefused } from './unless-refused.ts';

/**
 * What a fork may go back to, under its own name. A repository that is not on this host is another router's; a commit
 * that is gone shows where a worker asks for it.
 */
export const createKeepCommits =
  (studioDir: string, logger: Logger): KeepCommits =>
  async ({ root, commits }, orchestration) => {
    if (gitUrlOf(root) === null && !existsSync(root)) return;
    const keep = () => keepCommits({ root, studioDir, orchestration, commits });
    const tell = (err: unknown) =>
      logger.warn({ orchestration, err }, 'commits of the run it comes from were not kept');
    const missing = (await unlessRefused(keep, tell)) ?? [];
    if (missing.length > 0) logger.warn({ orchestration, missing }, 'commits of the run it comes from are gone');
  };
