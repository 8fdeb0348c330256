import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { Unavailable } from '#contracts';
import type { ExportedStream } from '../exports/export-lines.ts';
import { eventKeys } from '../keys.ts';
import type { IndexEntry } from '../log/event-log.ts';
import type { StoredEntry } from '../recorded.ts';
import { unavailable } from '../unavailable.ts';
import { defineArchiveScripts, type InstallReply } from './scripts.ts';

/** What is staged and never installed is forgotten after an hour. */
const STAGING_SECONDS = 60 * 60;
/** Events written at once. */
const PAGE = 500;

const Timed = z.object({ time: z.iso.datetime() });

/** @throws for bytes that are no event: a stream is verified before it comes here */
const timeOf = (entry: StoredEntry | undefined): string => Timed.parse(JSON.parse(entry?.body ?? '{}')).time;

const FORKED = '"type":"orchestration.forked"';

/** A fork begins with the facts of another run, and is no older than the moment it parted from it. */
const createdMsOf = (entries: readonly StoredEntry[]): number =>
  Date.parse(timeOf(entries.findLast(({ body }) => body.includes(FORKED)) ?? entries[0]));

const pagesOf = function* (entries: readonly StoredEntry[]) {
  for (let i = 0; i < entries.length; i += PAGE) yield entries.slice(i, i + PAGE);
};

/** Sends commands together. A pipeline resolves when some of them failed: the first failure is thrown. */
const send = async (pipeline: ReturnType<Redis['pipeline']>): Promise<void> => {
  const replies = await pipeline.exec().catch(unavailable);
  const failed = replies?.find(([error]) => error)?.[0];
  if (failed) unavailable(failed);
};

/**
 * Puts a stream that was verified back into Redis, all of it or nothing, however large it is: it is written beside its
 * place first and moved there by one script, which also tells followers.
 * @returns `there` when the stream has events, `other` when its id had another end
 */
export const createInstallStream = ({ redis, tag }: { readonly redis: Redis; readonly tag: string }) => {
  defineArchiveScripts(redis);
  const keys = eventKeys(tag);

  const stage = async ({ stream, entries, blobs }: ExportedStream, staged: string): Promise<void> => {
    for (const page of pagesOf(entries)) {
      const pipeline = redis.pipeline();
      for (const { version, hash, body } of page) pipeline.xadd(staged, `${version}-0`, 'h', hash, 'b', body);
      await send(pipeline.expire(staged, STAGING_SECONDS));
    }
    for (const [hash, content] of blobs)
      await redis.set(keys.blob(stream, hash), content, 'EX', STAGING_SECONDS, 'NX').catch(unavailable);
  };

  return async (exported: ExportedStream, index: IndexEntry): Promise<Exclude<InstallReply, 'staging_gone'>> => {
    const { stream, entries, blobs, head } = exported;
    const staged = `${keys.stream(stream)}:import:${randomUUID()}`;
    await stage(exported, staged);
    const places = [keys.heads, keys.all, keys.live, keys.due, keys.feed, keys.archived];
    const blobKeys = [...blobs.keys()].map((hash) => keys.blob(stream, hash));
    const all = [staged, keys.stream(stream), ...places, ...blobKeys];
    const times = [timeOf(entries.at(-1)), createdMsOf(entries)];
    const settings = [...times, index.live ? '1' : '0', index.dueMs ?? ''];
    const reply = await redis
      .studioInstallStream(all.length, ...all, stream, head.version, head.hash, ...settings)
      .catch(unavailable);
    await redis.unlink(staged).catch(unavailable);
    if (reply !== 'staging_gone') return reply;
    throw new Unavailable(`redis lost ${stream} while it was written: check its memory`, { stream });
  };
};
