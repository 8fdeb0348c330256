import type { Event } from '../catalogue/index.ts';
import type { Head, Recorded, StoredEntry, Trace } from '../recorded.ts';

/** What the index keeps of a stream, written in the same script as the events. */
export interface IndexEntry {
  /** False from the terminal event on. */
  readonly live: boolean;
  /** Next moment at which time alone changes something, milliseconds since 1970, or `null`. */
  readonly dueMs: number | null;
}

export interface AppendRequest {
  readonly stream: string;
  /** The head that the decision was based on: `{version: 0, hash: ''}` when the stream must not exist. */
  readonly expected: Head;
  readonly events: readonly [Event, ...Event[]];
  readonly trace: Trace;
  readonly index: IndexEntry;
}

/**
 * Append-only log: one stream an orchestration. The memory and the Redis implementation pass one contract suite
 * (`test/contract/event-log.contract.ts`).
 */
export interface EventLog {
  /**
   * Stores all events or none, with index and due time, as one fact for followers.
   * @returns the events as recorded, with version and hash
   * @throws {AppendConflict} the stream has moved on; nothing was stored
   * @throws {LogWentBack} the stream is behind `expected`, or has another hash at that version; nothing was stored
   * @throws {EventTooLarge} more than 64 KiB after fields over 16 KiB became blobs; nothing was stored
   * @throws {Unavailable} the server did not answer; the events may or may not be stored: read again, decide again
   */
  append(request: AppendRequest): Promise<readonly Recorded[]>;

  /**
   * Events after version `after`, oldest first, at most `limit` (default 1,000); `[]` when there are none.
   * Blobs are put back, older versions upcast, every event parsed.
   * @throws {MalformedEvent} @throws {NewerEvent} @throws {Unavailable}
   */
  read(stream: string, options?: { after?: number; limit?: number }): Promise<readonly Recorded[]>;

  /** The stored bytes after version `after`, unparsed, at most `limit` (default 1,000). */
  readStored(stream: string, options?: { after?: number; limit?: number }): Promise<readonly StoredEntry[]>;

  /** Head as the index has it. */
  head(stream: string): Promise<Head>;

  /** Content of a blob that an event of this stream names (`{"$blob": "<sha-256 hex>"}`), or `null`. */
  blob(stream: string, hash: string): Promise<string | null>;

  /** Ids of streams, oldest first, in pages: pass the last id of a page to get the next. */
  streams(which: 'all' | 'live', options?: { after?: string; limit?: number }): Promise<readonly string[]>;

  /** Streams whose due time is at or before `nowMs`, at most `limit` (default 100), earliest first. */
  due(nowMs: number, limit?: number): Promise<readonly string[]>;

  /** How many streams are in the index. */
  count(which: 'all' | 'live'): Promise<number>;

  /** Policies by content hash: stored once, named by every run that was started under them. */
  putPolicy(hash: string, document: string): Promise<void>;
  policy(hash: string): Promise<string | null>;

  /** A trace of what could not be taken in: kept in one capped list (newest 1,000). */
  reject(rejection: Rejection): Promise<void>;
  rejections(limit?: number): Promise<readonly Rejection[]>;
}

/** Input that was refused: enough to find its producer, never its content. */
export interface Rejection {
  readonly time: string;
  /** `queue goals job 17`, `http`, `control job x`. */
  readonly source: string;
  /** SHA-256, hex, of the bytes that came in. */
  readonly digest: string;
  readonly problems: readonly string[];
}
