import * as z from 'zod';
import { Event } from '../catalogue/index.ts';
import { EventTooLarge, MalformedEvent, NewerEvent } from '../errors.ts';
import { type Recorded, recordedAs, type StoredEntry, type Trace } from '../recorded.ts';
import { blobsNamedBy, extractBlobs, mayNameBlobs, namesBlobs, restoreBlobs } from './blobs.ts';
import { upcasters } from './upcasters.ts';

/** Limit of one stored event, after its large fields became blobs. */
const MAX_EVENT_BYTES = 64 * 1024;

/** An event before its schema is known: what upcasters work on. */
export interface RawEvent {
  readonly type: string;
  readonly v: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `<type>@<v>` → the same fact in a later version. Runs before parsing, so only the newest schema is ever needed. */
export type Upcasters = Readonly<Record<string, (event: RawEvent) => RawEvent>>;

/** The part of a zod schema of one kind of event (`defineEvent`) that the codec leans on. */
interface EventSchema {
  readonly shape: {
    readonly type: z.ZodLiteral<string>;
    readonly v: z.ZodLiteral<number>;
    readonly data: z.ZodType<object>;
  };
}

export interface Codec {
  /**
   * Stored bytes of an event: compact JSON in a fixed order of keys.
   * @throws {MalformedEvent} the event does not fit its schema @throws {EventTooLarge}
   */
  encode(event: Event, envelope: Trace & { readonly id: string; readonly stream: string }): Encoded;
  /**
   * The event of stored bytes, older versions upcast.
   * @throws {MalformedEvent} @throws {NewerEvent}
   */
  decode(stream: string, entry: StoredEntry, blob?: (hash: string) => string | null | undefined): Recorded;
}

export interface Encoded {
  readonly body: string;
  readonly blobs: ReadonlyMap<string, string>;
}

const StoredEnvelope = z.object({
  id: z.string(),
  type: z.string(),
  v: z.int(),
  time: z.string(),
  actor: z.string(),
  correlationId: z.string(),
  causationId: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
type StoredEnvelope = z.infer<typeof StoredEnvelope>;

const malformed = (stream: string, version: number, problem: string, cause?: unknown): MalformedEvent =>
  new MalformedEvent(
    `event ${version} of stream ${stream} cannot be read: ${problem}; restore the stream from an export or look at it with studio verify`,
    { stream, version },
    { cause },
  );

const parseEnvelope = (stream: string, { version, body }: StoredEntry): StoredEnvelope => {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw malformed(stream, version, 'its bytes are not JSON', error);
  }
  if (isEnvelope(json)) return json;
  throw malformed(stream, version, 'its envelope is incomplete or has a field of another type');
};

// By hand: this runs for every event of every read, and costs a third of the same check by schema.
const isEnvelope = (json: unknown): json is StoredEnvelope => {
  if (typeof json !== 'object' || json === null) return false;
  const { id, type, v, time, actor, correlationId, causationId, data } = json as Record<string, unknown>; // an object
  const strings = typeof id === 'string' && typeof type === 'string' && typeof time === 'string';
  const trace = typeof actor === 'string' && typeof correlationId === 'string';
  const cause = causationId === null || typeof causationId === 'string';
  return strings && trace && cause && Number.isInteger(v) && typeof data === 'object' && data !== null;
};

export interface CodecOptions {
  readonly schemas: readonly EventSchema[];
  readonly upcasters: Upcasters;
}

const checkSize = (stream: string, type: string, body: string) => {
  if (body.length * 3 <= MAX_EVENT_BYTES) return; // a UTF-16 unit is at most 3 bytes of UTF-8: no need to count
  const bytes = Buffer.byteLength(body);
  if (bytes <= MAX_EVENT_BYTES) return;
  throw new EventTooLarge(
    `${type} for stream ${stream} has ${bytes} bytes, an event has at most ${MAX_EVENT_BYTES}: shorten it or put the content into a file`,
    { stream, type, bytes, maxBytes: MAX_EVENT_BYTES },
  );
};

const unreadable = (stream: string, version: number, { type, v }: RawEvent, known: number | undefined) => {
  if (known !== undefined && known > v) return malformed(stream, version, `${type}@${v} has no upcaster to ${known}`);
  const knows = known === undefined ? 'no such type' : `version ${known}`;
  return new NewerEvent(
    `event ${version} of stream ${stream} is ${type}@${v}, this Studio knows ${knows}: update Studio to read it`,
    { stream, version, type, v },
  );
};

/** Brings an event to the newest version of its type, step by step. */
const createUpcast =
  (newestOf: (type: string) => number | undefined, upcasters: Upcasters) =>
  (stream: string, version: number, stored: RawEvent): RawEvent => {
    let event = stored;
    for (;;) {
      const known = newestOf(event.type);
      if (known === event.v) return event;
      const upcaster = upcasters[`${event.type}@${event.v}`];
      if (!upcaster) throw unreadable(stream, version, event, known);
      event = upcaster(event);
    }
  };

/** Pure: envelope and event ⇄ stored bytes, for the kinds of event that `schemas` names. */
export const createCodec = ({ schemas, upcasters }: CodecOptions): Codec => {
  const newest = new Map(schemas.map(({ shape }) => [shape.type.value, { v: shape.v.value, data: shape.data }]));

  const upcast = createUpcast((type) => newest.get(type)?.v, upcasters);

  return {
    encode(event, { id, stream, time, actor, correlationId, causationId }) {
      const known = newest.get(event.type);
      const parsed = known?.v === event.v ? known.data.safeParse(event.data) : null;
      if (!parsed?.success) {
        const problem = parsed ? z.prettifyError(parsed.error) : 'no such type and version';
        throw new MalformedEvent(`${event.type}@${event.v} for stream ${stream} was not stored: ${problem}`, {
          stream,
        });
      }
      const { json, blobs } = extractBlobs(event.data);
      const front = JSON.stringify({ id, type: event.type, v: event.v, time, actor, correlationId, causationId });
      const body = `${front.slice(0, -1)},"data":${json}}`;
      checkSize(stream, event.type, body);
      return { body, blobs };
    },

    decode(stream, entry, blob) {
      const { version, hash } = entry;
      const stored = parseEnvelope(stream, entry);
      const { id, time, actor, correlationId, causationId } = stored;
      const data = namesBlobs(stored.data) ? restoreBlobs(stored.data, (name) => blob?.(name)) : stored.data;
      if (typeof data === 'string') throw malformed(stream, version, `its blob ${data} is gone or was changed`);
      const { type, v, data: current } = upcast(stream, version, { type: stored.type, v: stored.v, data });
      const parsed = newest.get(type)?.data.safeParse(current);
      if (!parsed?.success) {
        throw malformed(
          stream,
          version,
          `${type}@${v} does not fit its schema: ${parsed && z.prettifyError(parsed.error)}`,
        );
      }
      // The schema of `type` accepted the data, and `type` and `v` chose that schema: together they are that event.
      const event = { type, v, data: parsed.data } as Event;
      return recordedAs(event, { id, stream, version, hash, time, actor, correlationId, causationId });
    },
  };
};

/** The codec of the events that Studio writes. */
export const eventCodec: Codec = createCodec({ schemas: Event.options, upcasters });

/** Hashes of the blobs that stored bytes name; `[]` for bytes that are no event. */
export const blobsOf = (body: string): readonly string[] => {
  if (!mayNameBlobs(body)) return [];
  try {
    const parsed = StoredEnvelope.safeParse(JSON.parse(body));
    return parsed.success ? blobsNamedBy(parsed.data.data) : [];
  } catch {
    return [];
  }
};
