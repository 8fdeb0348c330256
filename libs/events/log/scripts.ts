import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';

/** What `append-events.lua` answers; its header says when. */
export type AppendReply =
  | [outcome: 'stored' | 'conflict' | 'went_back', version: number]
  | [outcome: 'earlier', time: string]
  | [outcome: 'blob_gone'];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    studioAppendEvents(numberOfKeys: number, ...keysAndArguments: (string | number)[]): Result<AppendReply, Context>;
    studioListStreams(index: string, all: string, after: string, limit: number): Result<string[] | null, Context>;
  }
}

const source = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const appendEvents = source('./append-events.lua');
const listStreams = source('./list-streams.lua');

/** Teaches a connection the scripts of the log. Safe to call again. */
export const defineLogScripts = (redis: Redis): void => {
  redis.defineCommand('studioAppendEvents', { lua: appendEvents });
  redis.defineCommand('studioListStreams', { numberOfKeys: 2, lua: listStreams });
};
