import * as z from 'zod';
import type { Moved } from './groups.ts';

/** An entry of the feed. */
export interface FeedEntry extends Moved {
  readonly id: string;
}

const Fields = z.tuple([z.literal('s'), z.string(), z.literal('v'), z.coerce.number()]);
const Entries = z.array(z.tuple([z.string(), Fields]));

/** Entries as XRANGE, XREAD (of one stream) and XAUTOCLAIM give them. */
export const parseEntries = (reply: unknown): readonly FeedEntry[] =>
  Entries.parse(reply).map(([id, [, stream, , version]]) => ({ id, stream, version }));

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
