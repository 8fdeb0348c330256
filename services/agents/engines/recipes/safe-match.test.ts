import { expect, test } from 'vitest';
import { MatchTimeout, matchAll } from './safe-match.ts';

test('matches come with their place and named groups', () => {
  expect(matchAll('(?<verb>\\w+)-(?<rest>x)?', 'u', 'ab- cd-', 5)).toEqual([
    { text: 'ab-', index: 0, groups: { verb: 'ab' } },
    { text: 'cd-', index: 4, groups: { verb: 'cd' } },
  ]);
});

test('an expression that would run for years is ended', () => {
  expect(() => matchAll('^(a+)+$', '', `${'a'.repeat(60)}b`)).toThrow(MatchTimeout);
});
