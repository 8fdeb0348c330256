/**
 * Every Redis key of the log. `tag` is a hash tag (`{studio}`), so that all keys of one script share a cluster slot.
 * BullMQ keeps its queues under the same tag; no queue has a name of this list.
 */
export const eventKeys = (tag: string) =>
  ({
    /** Stream: entry `<version>-0`, fields `h` (hash) and `b` (body). Never trimmed. */
    stream: (stream: string) => `${tag}:stream:${stream}`,
    /** String: a large field, JSON, named by its SHA-256. */
    blob: (stream: string, hash: string) => `${tag}:blob:${stream}:${hash}`,
    /** Hash: stream → `<version> <hash> <time>` of its last event. */
    heads: `${tag}:heads`,
    /** Sorted sets: streams by creation time, milliseconds. */
    all: `${tag}:all`,
    live: `${tag}:live`,
    /** Sorted set: streams by the next moment at which time alone changes something, milliseconds. */
    due: `${tag}:due`,
    /** Stream: one entry an append, fields `s` (stream) and `v` (version it moved to). Trimmed. */
    feed: `${tag}:feed`,
    /** Hash: group → `ready` once it has been through the index. */
    groups: `${tag}:feed-groups`,
    /** Hash: `<group> <stream>` → failed deliveries since the last that succeeded. */
    strikes: `${tag}:feed-strikes`,
    /** Hash: stream → JSON of why no follower handles it any more. */
    quarantine: `${tag}:quarantine`,
    /** Hash: stream → JSON of the file that its events were moved to. */
    archived: `${tag}:archived`,
    /** Hash: content hash → policy document. */
    policies: `${tag}:policies`,
    /** Stream, newest 1,000: what could not be taken in. */
    rejections: `${tag}:rejections`,
  }) as const;
