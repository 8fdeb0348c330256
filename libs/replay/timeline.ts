import type { EventType, Recorded } from '#events';
import { type Moment, upTo } from './moment.ts';
import { sentenceOf } from './sentence.ts';

export interface TimelineRow {
  readonly version: number;
  readonly time: string;
  /** Since the first event of the stream. */
  readonly offsetMs: number;
  readonly type: EventType;
  readonly actor: string;
  readonly text: string;
}

/** What happened, one row an event, oldest first; made while it is read, so that a long log needs no memory. */
export function* timeline(
  events: Iterable<Recorded>,
  { to }: { readonly to?: Moment | undefined } = {},
): Generator<TimelineRow> {
  let start: number | null = null;
  for (const event of upTo(events, to)) {
    const { version, time, type, actor } = event;
    start ??= Date.parse(time);
    yield { version, time, offsetMs: Date.parse(time) - start, type, actor, text: sentenceOf(event) };
  }
}
