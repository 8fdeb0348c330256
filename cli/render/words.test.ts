import { expect, test } from 'vitest';
import { age, clip, duration, quoted } from './words.ts';

test('a duration is told in the unit that people would choose', () => {
  expect([12, 999, 1_234, 61_000, 3_720_000].map(duration)).toEqual([
    '12 ms',
    '999 ms',
    '1.2 s',
    '1 min 1 s',
    '1 h 2 min',
  ]);
});

test('an age is never negative, whatever the clocks say', () => {
  const now = new Date('2026-02-02T14:30:00Z');
  expect(age('2026-02-02T14:31:00Z', now)).toBe('0 s ago');
  expect(age('2026-02-02T12:00:00Z', now)).toBe('2 h ago');
  expect(age('2026-01-30T12:00:00Z', now)).toBe('3 d ago');
});

test('a text that is cut says so', () => {
  expect(clip('Add a health endpoint', 8)).toBe('Add a h…');
  expect(clip('short', 8)).toBe('short');
});

test('a text to copy survives the shell', () => {
  expect(quoted('src/server.ts')).toBe('src/server.ts');
  expect(quoted("Don't stop")).toBe(`'Don'\\''t stop'`);
});
