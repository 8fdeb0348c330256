import type { Redis } from 'ioredis';
import { Status, WaitReason } from '#contracts';
import { viewKeys } from './keys.ts';

export interface ViewCounts {
  readonly rows: number;
  readonly byStatus: ReadonlyMap<Status, number>;
  readonly byWait: ReadonlyMap<WaitReason['kind'], number>;
}

/** How many rows the list view has, as of one moment. */
export const countViews = async (redis: Redis, tag: string): Promise<ViewCounts> => {
  const keys = viewKeys(tag);
  const waits = WaitReason.shape.kind.options;
  const transaction = redis.multi().hlen(keys.rows);
  for (const status of Status.options) transaction.zcard(keys.index(`status:${status}`));
  for (const wait of waits) transaction.zcard(keys.index(`wait:${wait}`));
  const replies = (await transaction.exec()) ?? [];
  const [rows = 0, ...counts] = replies.map(([error, count]) => {
    if (error) throw error;
    return Number(count);
  });
  return {
    rows,
    byStatus: new Map(Status.options.map((status, i) => [status, counts[i] ?? 0])),
    byWait: new Map(waits.map((wait, i) => [wait, counts[Status.options.length + i] ?? 0])),
  };
};
