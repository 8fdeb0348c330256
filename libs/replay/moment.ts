import { InvalidInput } from '#contracts';
import type { Recorded } from '#events';

/** A point in a log: a version, or an ISO 8601 time. Either includes the events at that very point. */
export type Moment = number | string;

/** @throws {InvalidInput} the text is no time */
const isUpTo = (moment: Moment): ((event: Recorded) => boolean) => {
  if (typeof moment === 'number') return ({ version }) => version <= moment;
  const ms = Date.parse(moment);
  if (Number.isNaN(ms))
    throw new InvalidInput('moment', [
      `"${moment}" is neither a version nor an ISO 8601 time like 2026-02-02T14:30:52Z`,
    ]);
  return ({ time }) => Date.parse(time) <= ms;
};

/** The events of one stream up to a moment. Versions and times only grow, so the first one after it ends the reading. */
export function* upTo(events: Iterable<Recorded>, moment: Moment | undefined): Generator<Recorded> {
  const included = moment === undefined ? () => true : isUpTo(moment);
  for (const event of events) {
    if (!included(event)) return;
    yield event;
  }
}
