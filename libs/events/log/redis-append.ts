import type { Redis } from 'ioredis';
import { Unavailable } from '#contracts';
import { createInstallStream } from '../archive/install-stream.ts';
import type { Codec } from '../codec/codec.ts';
import { AppendConflict } from '../errors.ts';
import type { ExportedStream } from '../exports/export-lines.ts';
import { eventKeys } from '../keys.ts';
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
  readonly tag: string;
  readonly codec: Codec;
  readonly newId: () => string;
  /** The stream as its file has it, or `null` where it is not archived. */
  readonly archivedStream: (stream: string) => Promise<ExportedStream | null>;
}

/** Blobs and script on one connection, one behind the other: no round trip between them. */
const createSend = ({ redis, tag }: Pick<RedisAppendOptions, 'redis' | 'tag'>) => {
  const keys = eventKeys(tag);

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

  return async (request: AppendRequest, prepared: Prepared, time: string): Promise<AppendReply> => {
    const writes = putBlobs(request.stream, prepared.blobs);
    const [reply] = await Promise.all([runScript(request, prepared, time), ...writes]).catch(unavailable);
    return reply;
  };
};

export const createRedisAppend = (options: RedisAppendOptions): EventLog['append'] => {
  const { redis, tag, codec, newId, archivedStream } = options;
  const send = createSend(options);
  const install = createInstallStream({ redis, tag });

  /**
   * What is archived has ended: a fact that comes after all (its branch was applied) brings it back first.
   * @throws {AppendConflict} the decision was made without having read the file @throws {LogWentBack} it is not archived
   */
  const bringBack = async ({ stream, expected }: AppendRequest, found: number): Promise<void> => {
    const archived = await archivedStream(stream);
    if (archived === null) throw wentBack(stream, expected, found);
    const { version, hash } = archived.head;
    if (version !== expected.version || hash !== expected.hash)
      throw new AppendConflict(stream, expected.version, version);
    await install(archived, { live: false, dueMs: null });
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
          await bringBack(request, found);
          break;
        case 'earlier':
          time = found;
      }
    }
    throw new Unavailable(`redis lost large fields of stream ${stream} while they were written: check its memory`, {
      stream,
    });
  };
};
