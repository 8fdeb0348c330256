import * as z from 'zod';
import type { Moved } from './groups.ts';

/** An entry of the feed. */
export interface FeedEntry extends Moved {
  readonly id: string;
}

// By hand: each process reads every entry, twice or three times, and by schema that cost ten times as much.
const parseEntry = (entry: unknown): FeedEntry => {
  const [id, fields] = Array.isArray(entry) ? entry : [];
  const [s, stream, v, version] = Array.isArray(fields) ? fields : [];
  if (typeof id === 'string' && s === 's' && typeof stream === 'string' && v === 'v' && /^\d+$/.test(version))
    return { id, stream, version: Number(version) };
  throw new TypeError(`this is no entry of the feed: ${JSON.stringify(entry)}`);
};

/** Entries as XRANGE, XREAD (of one stream) and XAUTOCLAIM give them. */
export const parseEntries = (reply: unknown): readonly FeedEntry[] => {
  if (!Array.isArray(reply)) throw new TypeError(`these are no entries of the feed: ${JSON.stringify(reply)}`);
  return reply.map(parseEntry);
};

const Read = z.tuple([z.tuple([z.string(), z.unknown()])]).nullable();

/** Reply of XREAD and XREADGROUP on the feed alone; `null` means that nothing came in time. */
export const parseRead = (reply: unknown): readonly FeedEntry[] => {
  const read = Read.parse(reply);
  return read ? parseEntries(read[0][1]) : [];
};

const Claimed = z.tuple([z.string(), z.unknown()]).rest(z.unknown());

/** Reply of XAUTOCLAIM: where to go on (`0-0` = done) and what is ours now. */
export const parseClaimed = (reply: unknown): { readonly next: string; readonly entries: readonly FeedEntry[] } => {
  const [next, entries] = Claimed.parse(reply);
  return { next, entries: parseEntries(entries) };
};
