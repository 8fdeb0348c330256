import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';

/** What `drop-stream.lua` answers; its header says when. */
export type DropReply = 'dropped' | 'already' | 'live' | 'changed';
/** What `install-stream.lua` answers. */
export type InstallReply = 'installed' | 'there' | 'other' | 'staging_gone';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    studioDropStream(numberOfKeys: number, ...keysAndArguments: (string | number)[]): Result<DropReply, Context>;
    studioInstallStream(numberOfKeys: number, ...keysAndArguments: (string | number)[]): Result<InstallReply, Context>;
  }
}

const source = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const dropStream = source('./drop-stream.lua');
const installStream = source('./install-stream.lua');

/** Teaches a connection the scripts of the archive. Safe to call again. */
export const defineArchiveScripts = (redis: Redis): void => {
  redis.defineCommand('studioDropStream', { lua: dropStream });
  redis.defineCommand('studioInstallStream', { lua: installStream });
};
