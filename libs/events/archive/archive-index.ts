import type { Redis } from 'ioredis';
import * as z from 'zod';
import { eventKeys } from '../keys.ts';
import { unavailable } from '../unavailable.ts';

/** Where the events of an archived stream are. */
export const Archived = z.object({
  stream: z.string(),
  /** Relative to the archive folder, so that the folder may move. */
  file: z.string(),
  version: z.int().positive(),
  /** Of the last event. */
  hash: z.string(),
  /** Of the file. */
  bytes: z.int().nonnegative(),
  /** Host that wrote it, for those who do not find it. */
  host: z.string(),
  time: z.string(),
});
export type Archived = z.infer<typeof Archived>;

const parse = (json: string): Archived => Archived.parse(JSON.parse(json));

/** The archived streams of a log. Which they are, Redis knows; what is in them, their files. */
export const createArchiveIndex = ({ redis, tag }: { readonly redis: Redis; readonly tag: string }) => {
  const { archived } = eventKeys(tag);
  return {
    get: async (stream: string): Promise<Archived | null> => {
      const json = await redis.hget(archived, stream).catch(unavailable);
      return json === null ? null : parse(json);
    },
    /** Which of these are archived. */
    among: async (streams: readonly string[]): Promise<ReadonlySet<string>> => {
      if (streams.length === 0) return new Set();
      const found = await redis.hmget(archived, ...streams).catch(unavailable);
      return new Set(streams.filter((_, i) => found[i] !== null));
    },
    count: (): Promise<number> => redis.hlen(archived).catch(unavailable),
  };
};
