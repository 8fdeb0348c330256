import type { Redis } from 'ioredis';
import { type EventLog, streamPages } from '#events';
import { createArchiveIndex, createQuarantine, eventKeys } from '#events/redis';

export interface EndedRun {
  readonly id: string;
  /** Time of its last event. */
  readonly endedAt: string;
}

export interface EndedBeforeOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: Pick<EventLog, 'streams'>;
  readonly before: Date;
}

const PAGE = 1_000;

/** Runs of a page that are old, have ended and are not archived yet, by their index entries alone. */
const chosenOf = async ({ redis, tag, before }: EndedBeforeOptions, page: readonly string[]) => {
  const keys = eventKeys(tag);
  const [heads, live, archived] = await Promise.all([
    redis.hmget(keys.heads, ...page),
    redis.zmscore(keys.live, ...page),
    createArchiveIndex({ redis, tag }).among(page),
  ]);
  const limit = before.toISOString();
  return page.flatMap((id, i): readonly EndedRun[] => {
    // "<version> <hash> <time>", and times of this form compare as text
    const [, , endedAt = ''] = heads[i]?.split(' ') ?? [];
    const isOld = endedAt !== '' && endedAt < limit;
    return isOld && live[i] === null && !archived.has(id) ? [{ id, endedAt }] : [];
  });
};

/** Runs whose last event is older, in the order of their creation. A stream that was set aside is a person's business first. */
export async function* endedBefore(options: EndedBeforeOptions): AsyncGenerator<EndedRun, void> {
  const { redis, tag, log } = options;
  const aside = new Set((await createQuarantine({ redis, tag }).list()).map(({ stream }) => stream));
  for await (const page of streamPages(log, 'all', PAGE))
    yield* (await chosenOf(options, page)).filter(({ id }) => !aside.has(id));
}
