import type { Redis } from 'ioredis';
import { blobsOf } from '../codec/codec.ts';
import type { ExportedStream } from '../exports/export-lines.ts';
import { eventKeys } from '../keys.ts';
import { unavailable } from '../unavailable.ts';
import type { Archived } from './archive-index.ts';
import { type DropReply, defineArchiveScripts } from './scripts.ts';

/** Forgets the events of a stream whose file was read back and verified; its id and its end stay known. */
export const createDropStream = ({ redis, tag }: { readonly redis: Redis; readonly tag: string }) => {
  defineArchiveScripts(redis);
  const keys = eventKeys(tag);
  return async ({ stream, entries }: ExportedStream, archived: Archived): Promise<DropReply> => {
    const blobs = new Set(entries.flatMap(({ body }) => blobsOf(body)));
    const places = [keys.stream(stream), keys.heads, keys.live, keys.archived];
    const all = [...places, ...[...blobs].map((hash) => keys.blob(stream, hash))];
    const { version, hash } = archived;
    return redis
      .studioDropStream(all.length, ...all, stream, version, hash, JSON.stringify(archived))
      .catch(unavailable);
  };
};
