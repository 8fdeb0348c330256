import { expect, test } from 'vitest';
import { dayIn, nextDayIn } from './days.ts';

const at = (time: string) => new Date(time);

test('a day begins at midnight of its time zone', () => {
  expect(dayIn('UTC')(at('2026-02-02T23:30:00Z'))).toBe('2026-02-02');
  expect(dayIn('Europe/Berlin')(at('2026-02-02T23:30:00Z'))).toBe('2026-02-03');
  expect(dayIn('America/New_York')(at('2026-02-02T03:00:00Z'))).toBe('2026-02-01');
});

test.each([
  ['UTC', '2026-02-02T10:00:00Z', '2026-02-03T00:00:00.000Z'],
  ['Europe/Berlin', '2026-02-02T10:00:00Z', '2026-02-02T23:00:00.000Z'],
  // A day of 23 and one of 25 hours.
  ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00.000Z'],
  ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00.000Z'],
])('in %s the day of %s ends at %s', (zone, time, end) => expect(nextDayIn(zone)(at(time))).toEqual(at(end)));
