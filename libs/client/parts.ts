import type { Redis } from 'ioredis';
import type { EventLog } from '#events';

/** What every part of a client works on. */
export interface Parts {
  readonly redis: Redis;
  /** Hash tag of every key. */
  readonly tag: string;
  readonly log: EventLog;
  readonly now: () => Date;
}
