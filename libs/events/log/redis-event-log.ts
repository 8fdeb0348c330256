import type { Redis } from 'ioredis';
import { NotFound } from '#contracts';
import { createArchiveIndex } from '../archive/archive-index.ts';
import { type ArchiveFolder, createReadArchive } from '../archive/read-archive.ts';
import { EMPTY_HEAD } from '../codec/chain.ts';
import { blobsOf, type Codec, eventCodec } from '../codec/codec.ts';
import type { ExportedStream } from '../exports/export-lines.ts';
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
  /** Where archived streams are read. Without it they are known, and not readable. */
  readonly archiveFolder?: ArchiveFolder;
}

const nowhere: ArchiveFolder = async () => null;

export const createRedisEventLog = (options: RedisEventLogOptions): EventLog => {
  const { redis, tag, codec = eventCodec, newId = newEventId, archiveFolder = nowhere } = options;
  defineLogScripts(redis);
  const keys = eventKeys(tag);
  const archive = createArchiveIndex({ redis, tag });
  const readArchive = createReadArchive(archiveFolder);

  /** The stream as its file has it, or `null` where it is not archived. */
  const archivedStream = async (stream: string): Promise<ExportedStream | null> => {
    const archived = await archive.get(stream);
    return archived && readArchive(archived);
  };

  const readStored: EventLog['readStored'] = async (stream, { after = 0, limit = DEFAULT_PAGE } = {}) => {
    const found = await redis.xrange(keys.stream(stream), `${after + 1}-0`, '+', 'COUNT', limit).catch(unavailable);
    // Only a read that finds nothing asks further: of the streams in use that is the end of a tail.
    const archived = found.length === 0 ? await archivedStream(stream) : null;
    if (archived) return archived.entries.slice(after, after + limit);
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
    const archived = contents.includes(null) ? await archivedStream(stream) : null;
    return new Map(hashes.map((hash, i) => [hash, contents[i] ?? archived?.blobs.get(hash) ?? null]));
  };

  return {
    ...createRedisRecords(redis, keys),
    append: createRedisAppend({ redis, tag, codec, newId, archivedStream }),
    readStored,
    read: async (stream, range) => {
      const entries = await readStored(stream, range);
      const blobs = await blobsFor(stream, entries);
      return entries.map((entry) => codec.decode(stream, entry, (hash) => blobs.get(hash)));
    },
    head: async (stream) => parseHead(await redis.hget(keys.heads, stream).catch(unavailable)),
    blob: async (stream, hash) => {
      const content = await redis.get(keys.blob(stream, hash)).catch(unavailable);
      return content ?? (await archivedStream(stream))?.blobs.get(hash) ?? null;
    },
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
