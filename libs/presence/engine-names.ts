import type { Redis } from 'ioredis';

/** Longer than any restart of a fleet takes: who has an engine may be away for a moment. */
const REMEMBERED_MS = 24 * 3_600_000;

/** One Redis hash: name of an engine → when a worker last had it. */
const key = (tag: string): string => `${tag}:engines`;

/** Keeps the names of the engines of a worker. */
export const rememberEngines = async (
  redis: Redis,
  tag: string,
  engines: readonly string[],
  seenAt: string,
): Promise<void> => {
  if (engines.length > 0) await redis.hset(key(tag), Object.fromEntries(engines.map((name) => [name, seenAt])));
};

/** Engines that some worker had within the last day. Those that are long gone are taken off the list. */
export const rememberedEngines = async (redis: Redis, tag: string, now: Date): Promise<readonly string[]> => {
  const since = new Date(now.getTime() - REMEMBERED_MS).toISOString();
  const names = Object.entries(await redis.hgetall(key(tag)));
  const gone = names.flatMap(([name, seenAt]) => (seenAt < since ? [name] : []));
  if (gone.length > 0) await redis.hdel(key(tag), ...gone);
  return names.flatMap(([name, seenAt]) => (seenAt < since ? [] : [name]));
};
