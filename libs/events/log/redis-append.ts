import type { Redis } from 'ioredis';
import { Unavailable } from '#contracts';
import type { Codec } from '../codec/codec.ts';
import { AppendConflict } from '../errors.ts';
import type { eventKeys } from '../keys.ts';
import { unavailable } from '../unavailable.ts';
import { wentBack } from './append-errors.ts';
import type { AppendRequest, EventLog } from './event-log.ts';
import { canonicalTime, type Prepared, prepareAppend } from './prepare-append.ts';
import type { AppendReply } from './scripts.ts';

/** Blobs whose append never came are forgotten after a day; the append takes the expiry away. */
const BLOB_EXPIRY_SECONDS = 24 * 60 * 60;

/** Times that one append is sent: again when the clock of another writer was ahead, or a blob expired in between. */
const MAX_SENDS = 5;

interface RedisAppendOptions {
  readonly redis: Redis;
  readonly keys: ReturnType<typeof eventKeys>;
  readonly codec: Codec;
  readonly newId: () => string;
}

export const createRedisAppend = ({ redis, keys, codec, newId }: RedisAppendOptions): EventLog['append'] => {
  const putBlobs = (stream: string, blobs: Prepared['blobs']): readonly Promise<unknown>[] =>
    // NX: a blob that an earlier event names must never get an expiry again
    [...blobs].map(([hash, content]) => redis.set(keys.blob(stream, hash), content, 'EX', BLOB_EXPIRY_SECONDS, 'NX'));

  const runScript = (request: AppendRequest, { entries, blobs }: Prepared, time: string): Promise<AppendReply> => {
    const { stream, expected, index } = request;
    const fixedKeys = [keys.stream(stream), keys.heads, keys.all, keys.live, keys.due, keys.feed];
    const blobKeys = [...blobs.keys()].map((hash) => keys.blob(stream, hash));
    const settings = [time, Date.parse(time), index.live ? '1' : '0', index.dueMs ?? ''];
    return redis.studioAppendEvents(
      fixedKeys.length + blobKeys.length,
      ...fixedKeys,
      ...blobKeys,
      stream,
      expected.version,
      expected.hash,
      ...settings,
      ...entries.flatMap(({ hash, body }) => [hash, body]),
    );
  };

  /** Blobs and script on one connection, one behind the other: no round trip between them. */
  const send = async (request: AppendRequest, prepared: Prepared, time: string): Promise<AppendReply> => {
    const writes = putBlobs(request.stream, prepared.blobs);
    const [reply] = await Promise.all([runScript(request, prepared, time), ...writes]).catch(unavailable);
    return reply;
  };

  return async (request) => {
    const { stream, expected } = request;
    let time = canonicalTime(request.trace.time);
    for (let sends = 1; sends <= MAX_SENDS; sends++) {
      const prepared = prepareAppend(codec, request, time, newId);
      const [outcome, found] = await send(request, prepared, time);
      switch (outcome) {
        case 'stored':
          return prepared.recorded;
        case 'conflict':
          throw new AppendConflict(stream, expected.version, found);
        case 'went_back':
          throw wentBack(stream, expected, found);
        case 'earlier':
          time = found;
      }
    }
    throw new Unavailable(`redis lost large fields of stream ${stream} while they were written: check its memory`, {
      stream,
    });
  };
};
