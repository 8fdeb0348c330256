import { InvalidInput } from '#contracts';
import { chainHash } from '../codec/chain.ts';
import type { Codec } from '../codec/codec.ts';
import { type Recorded, recordedAs, type StoredEntry } from '../recorded.ts';
import type { AppendRequest } from './event-log.ts';

/** What one append writes, and what it answers. */
export interface Prepared {
  readonly entries: readonly StoredEntry[];
  readonly recorded: readonly Recorded[];
  readonly blobs: ReadonlyMap<string, string>;
}

/** ISO 8601 in UTC with milliseconds: the one form in which times compare as text. */
export const canonicalTime = (time: string): string => {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new InvalidInput('time of an event', [`"${time}" is not an ISO 8601 time`]);
  return new Date(ms).toISOString();
};

/**
 * Bytes and hashes of the events of a request.
 * @param time canonical; the log moves it forward when the stream is already later
 */
export const prepareAppend = (codec: Codec, request: AppendRequest, time: string, newId: () => string): Prepared => {
  const { stream, expected, trace } = request;
  const { actor, correlationId, causationId } = trace;
  const entries: StoredEntry[] = [];
  const recorded: Recorded[] = [];
  const blobs = new Map<string, string>();
  let { version, hash } = expected;
  for (const event of request.events) {
    const id = newId();
    const encoded = codec.encode(event, { id, stream, time, actor, correlationId, causationId });
    version += 1;
    hash = chainHash(hash, encoded.body);
    entries.push({ version, hash, body: encoded.body });
    recorded.push(recordedAs(event, { id, stream, version, hash, time, actor, correlationId, causationId }));
    for (const [name, content] of encoded.blobs) blobs.set(name, content);
  }
  return { entries, recorded, blobs };
};
