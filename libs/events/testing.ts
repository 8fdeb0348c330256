import type { Event } from './catalogue/index.ts';
import { EMPTY_HEAD } from './codec/chain.ts';
import type { AppendRequest } from './log/event-log.ts';
import type { Trace } from './recorded.ts';

export { currentSchemas, schemasOf } from './frozen-schemas.ts';

/** Parts of log tests: facts that need no story. */

export const noted = (message: string): Event => ({
  type: 'agent.progressed',
  v: 1,
  data: { lease: 1, seq: 1, message },
});

/** An event with one field as large as asked; the field is taken apart above 16 KiB. */
export const large = (characters: number): Event => ({
  type: 'orchestration.halted',
  v: 1,
  data: { reason: 'x'.repeat(characters) },
});

export const trace = (time = '2026-02-02T14:30:52.000Z'): Trace => ({
  actor: 'person:alice',
  correlationId: 'request-1',
  causationId: null,
  time,
});

/** The first append of a stream, unless told otherwise. */
export const appendOf = (stream: string, ...messages: readonly string[]): AppendRequest => {
  const [first = 'begun', ...rest] = messages;
  return {
    stream,
    expected: EMPTY_HEAD,
    events: [noted(first), ...rest.map(noted)],
    trace: trace(),
    index: { live: true, dueMs: null },
  };
};
