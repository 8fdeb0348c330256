import { EMPTY_HEAD } from '../codec/chain.ts';
import { blobsOf, eventCodec } from '../codec/codec.ts';
import type { AppendRequest } from '../log/event-log.ts';
import { newEventId } from '../log/new-id.ts';
import { canonicalTime, prepareAppend } from '../log/prepare-append.ts';
import type { Recorded, StoredEntry } from '../recorded.ts';
import type { ExportedStream } from './export-lines.ts';

/** The beginning of a stream, byte for byte: its hashes hold under any name. */
export interface CopyRequest extends Pick<AppendRequest, 'events' | 'trace'> {
  /** The name of the new stream. */
  readonly stream: string;
  readonly entries: readonly StoredEntry[];
  /** Content by hash, of every blob that the entries name. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** A new stream that begins as another one did, and goes on with these events: one chain, ready to be installed. */
export const continueCopy = ({
  stream,
  entries,
  blobs,
  events,
  trace,
}: CopyRequest): { readonly exported: ExportedStream; readonly recorded: readonly Recorded[] } => {
  const { version, hash } = entries.at(-1) ?? EMPTY_HEAD;
  const request = { stream, events, trace, expected: { version, hash }, index: { live: true, dueMs: null } };
  const prepared = prepareAppend(eventCodec, request, canonicalTime(trace.time), newEventId);
  const all = [...entries, ...prepared.entries];
  const named = new Set(all.flatMap(({ body }) => blobsOf(body)));
  const contents = new Map([...blobs, ...prepared.blobs].filter(([name]) => named.has(name)));
  const last = all.at(-1) ?? EMPTY_HEAD;
  return {
    recorded: prepared.recorded,
    exported: {
      space: 'runs',
      stream,
      entries: all,
      blobs: contents,
      policies: new Map(),
      claims: new Map(),
      head: { version: last.version, hash: last.hash },
    },
  };
};
