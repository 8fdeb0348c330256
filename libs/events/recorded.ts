import type { Event, EventOf, EventType } from './catalogue/index.ts';

/** Who caused an append, and when. The shell fills it in; deciders never see it. */
export interface Trace {
  /** `person:alice`, `service:router`, `agent:builder`: for the audit trail. */
  readonly actor: string;
  /** Ties together all that one request caused; an orchestration's own id where nothing else is given. */
  readonly correlationId: string;
  /** The command id that led here, or `null`. */
  readonly causationId: string | null;
  /** ISO 8601, UTC. The log keeps time from going backwards within a stream. */
  readonly time: string;
}

export interface Envelope extends Trace {
  /** UUIDv7. */
  readonly id: string;
  readonly stream: string;
  /** From 1, without gaps. `stream` and `version` identify the event. */
  readonly version: number;
  /** SHA-256, hex, over the previous event's hash and this event's stored bytes. */
  readonly hash: string;
}

/** A stored event: `type`, `v` and `data` of the event inside its envelope. */
export type Recorded<E extends Event = Event> = Readonly<E & Envelope>;
export type RecordedOf<T extends EventType> = Recorded<EventOf<T>>;

/** An event inside its envelope. Every field is named: spreads of many shapes were a tenth of an append's time. */
export const recordedAs = (
  { type, v, data }: Pick<Event, 'type' | 'v' | 'data'>,
  { id, stream, version, hash, time, actor, correlationId, causationId }: Envelope,
): Recorded =>
  // `type`, `v` and `data` came out of one event.
  ({ type, v, data, id, stream, version, hash, time, actor, correlationId, causationId }) as Recorded;

/** An event as it is stored, before anything of it is believed: what `verify` and `export` work on. */
export interface StoredEntry {
  readonly version: number;
  readonly hash: string;
  /** The exact bytes, UTF-8: JSON of the envelope (without stream, version and hash) and the event. */
  readonly body: string;
}

export interface Head {
  readonly version: number;
  /** `''` for a stream without events. */
  readonly hash: string;
}
