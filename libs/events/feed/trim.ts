import type { Redis } from 'ioredis';
import { eventKeys } from '../keys.ts';
import { unavailable } from '../unavailable.ts';
import { FEED_GROUPS } from './groups.ts';
import { defineFeedScripts } from './scripts.ts';

/** Entries that stay for tails. A tail that falls further behind finds out by asking for heads, a few seconds later. */
const MARGIN = 1_000;

/** A consumer is one process: after a day without work nobody waits for it. */
const CONSUMER_IDLE_MS = 24 * 60 * 60 * 1_000;

/**
 * Drops the part of the feed that every group has acknowledged.
 * @returns entries dropped
 */
export const trimFeed = async (redis: Redis, tag: string, margin: number = MARGIN): Promise<number> => {
  defineFeedScripts(redis);
  return redis.studioTrimFeed(eventKeys(tag).feed, margin, CONSUMER_IDLE_MS, ...FEED_GROUPS).catch(unavailable);
};
