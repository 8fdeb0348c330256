import type { Redis } from 'ioredis';
import type { EventLog } from '#events';
import type { ArchiveFolder } from '#events/redis';

/** What every part of a client works on. */
export interface Parts {
  readonly redis: Redis;
  /** Hash tag of every key. */
  readonly tag: string;
  readonly log: EventLog;
  readonly now: () => Date;
  /** Where archived runs are; `null` where this process knows none. */
  readonly archiveFolder: ArchiveFolder;
  /** Where folders without git have their repositories; `null`: files are not looked at. */
  readonly studioDir: string | null;
}
