import type { Redis } from 'ioredis';
import { NotFound } from '#contracts';
import { EMPTY_HEAD } from '../codec/chain.ts';
import { blobsOf, type Codec, eventCodec } from '../codec/codec.ts';
import { eventKeys } from '../keys.ts';
import type { Head, StoredEntry } from '../recorded.ts';
import { unavailable } from '../unavailable.ts';
import type { EventLog } from './event-log.ts';
import { DEFAULT_DUE, DEFAULT_PAGE } from './limits.ts';
import { newEventId } from './new-id.ts';
import { createRedisAppend } from './redis-append.ts';
import { createRedisRecords } from './redis-records.ts';
import { defineLogScripts } from './scripts.ts';

export interface RedisEventLogOptions {
  /** Its `maxRetriesPerRequest` bounds how long a call waits for a lost server before it is `Unavailable`. */
  readonly redis: Redis;
  /** Hash tag of all keys, `{studio}`. */
  readonly tag: string;
  readonly codec?: Codec;
  readonly newId?: () => string;
}

export const createRedisEventLog = (options: RedisEventLogOptions): EventLog => {
  const { redis, tag, codec = eventCodec, newId = newEventId } = options;
  defineLogScripts(redis);
  const keys = eventKeys(tag);

  const readStored: EventLog['readStored'] = async (stream, { after = 0, limit = DEFAULT_PAGE } = {}) => {
    const found = await redis.xrange(keys.stream(stream), `${after + 1}-0`, '+', 'COUNT', limit).catch(unavailable);
    return found.map(
      ([id, [, hash = '', , body = '']]): StoredEntry => ({ version: Number.parseInt(id, 10), hash, body }),
    );
  };

  /** Contents of the blobs that these entries name. */
  const blobsFor = async (
    stream: string,
    entries: readonly StoredEntry[],
  ): Promise<ReadonlyMap<string, string | null>> => {
    const hashes = [...new Set(entries.flatMap(({ body }) => blobsOf(body)))];
    if (hashes.length === 0) return new Map();
    const contents = await redis.mget(hashes.map((hash) => keys.blob(stream, hash))).catch(unavailable);
    return new Map(hashes.map((hash, i) => [hash, contents[i] ?? null]));
  };

  return {
    ...createRedisRecords(redis, keys),
    append: createRedisAppend({ redis, keys, codec, newId }),
    readStored,
    read: async (stream, range) => {
      const entries = await readStored(stream, range);
      const blobs = await blobsFor(stream, entries);
      return entries.map((entry) => codec.decode(stream, entry, (hash) => blobs.get(hash)));
    },
    head: async (stream) => parseHead(await redis.hget(keys.heads, stream).catch(unavailable)),
    blob: (stream, hash) => redis.get(keys.blob(stream, hash)).catch(unavailable),
    streams: async (which, { after = '', limit = DEFAULT_PAGE } = {}) => {
      const names = await redis.studioListStreams(keys[which], keys.all, after, limit).catch(unavailable);
      if (names === null) throw new NotFound(`no stream ${after}: start from the first page`, { after });
      return names;
    },
    due: (nowMs, limit = DEFAULT_DUE) =>
      redis.zrangebyscore(keys.due, '-inf', nowMs, 'LIMIT', 0, limit).catch(unavailable),
    count: (which) => redis.zcard(keys[which]).catch(unavailable),
  };
};

const parseHead = (stored: string | null): Head => {
  const [version, hash] = stored?.split(' ') ?? [];
  return version && hash ? { version: Number(version), hash } : EMPTY_HEAD;
};
