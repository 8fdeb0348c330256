import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type ArchiveEndedOptions, archiveEnded } from '#archive';
import type { Logger } from '#runtime';

/** What ended so long ago goes to files in this folder. */
export interface Retention {
  readonly afterDays: number;
  readonly folder: string;
}

export interface KeepRetentionOptions extends Retention {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: ArchiveEndedOptions['log'];
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly now?: () => Date;
  /** Between two looks. Default an hour: nobody notices whether a run of seven days ago is archived now or then. */
  readonly everyMs?: number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Archives what is old, now and again until aborted. Any number of processes may: of two that archive one run, one
 * deletes it, and the file that both wrote has the same content.
 */
export const keepRetention = async (options: KeepRetentionOptions): Promise<void> => {
  const { afterDays, logger, signal, now = () => new Date(), everyMs = 60 * 60 * 1_000 } = options;
  while (!signal.aborted) {
    const before = new Date(now().getTime() - afterDays * DAY_MS);
    try {
      const { archived, failed, folder } = await archiveEnded({ ...options, now, before });
      if (archived.length > 0) logger.info({ runs: archived.length, folder }, 'archived what ended long ago');
      for (const { id, problem } of failed) logger.warn({ stream: id, problem }, 'a run was not archived');
    } catch (err) {
      if (!signal.aborted) logger.warn({ err }, 'retention will try again');
    }
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
};
