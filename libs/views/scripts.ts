import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    studioStoreRow(rows: string, indexes: string, prefix: string, id: string, row: string): Result<0 | 1, Context>;
    studioDropViews(rows: string, indexes: string, prefix: string): Result<number, Context>;
  }
}

const source = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const storeRow = source('./store-row.lua');
const dropViews = source('./drop-views.lua');

/** Teaches a connection the scripts of the view. Safe to call again. */
export const defineViewScripts = (redis: Redis): void => {
  redis.defineCommand('studioStoreRow', { numberOfKeys: 2, lua: storeRow });
  redis.defineCommand('studioDropViews', { numberOfKeys: 2, lua: dropViews });
};
