import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    studioJoinFeed(feed: string, groups: string, group: string): Result<0 | 1, Context>;
    studioTrimFeed(feed: string, margin: number, consumerIdleMs: number, ...groups: string[]): Result<number, Context>;
  }
}

const source = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const joinFeed = source('./join-feed.lua');
const trim = source('./trim-feed.lua');

/** Teaches a connection the scripts of the feed. Safe to call again. */
export const defineFeedScripts = (redis: Redis): void => {
  redis.defineCommand('studioJoinFeed', { numberOfKeys: 2, lua: joinFeed });
  redis.defineCommand('studioTrimFeed', { numberOfKeys: 1, lua: trim });
};
