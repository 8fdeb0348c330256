import { describe, expect, test } from 'vitest';
import { cpuMsOf } from '../../test/support/cpu-time.ts';
import { fc } from '../../test/support/fast-check.ts';
import { fingerprint, normalizeError } from './fingerprint.ts';

describe('what changes between two runs does not change the fingerprint', () => {
  test.each([
    ['a number', 'expected 3 to be 4', 'expected 17 to be 21'],
    ['a fraction', 'took 1.25 s', 'took 3,5 s'],
    ['a path', 'at /tmp/studio/a1/src/app.ts:12:7', 'at /home/me/x/src/other/app.ts:99:1'],
    ['a relative path', 'cannot read ./build/out.js', 'cannot read ../dist/index.js'],
    ['a path of Windows', 'cannot read C:\\Temp\\a.txt', 'cannot read D:\\Users\\me\\b.txt'],
    ['a time', 'failed at 2026-02-02T14:30:52.123Z', 'failed at 2027-12-31 01:02:03'],
    ['a time of day', '[14:30:52] failed', '[1:02:03.250] failed'],
    ['an id', 'job 5f2c0f9e-3e0c-4c8e-9a68-0a4f3b1f2e11 failed', 'job 00000000-0000-4000-8000-000000000000 failed'],
    ['a commit', 'bad object 30fb990', 'bad object 99c67332fd3ab0e1'],
    ['an address', 'cannot fetch https://registry.npmjs.org/left-pad', 'cannot fetch http://127.0.0.1:4873/a'],
    ['a pointer', 'segfault at 0x7ffee4b2', 'segfault at 0x1'],
    ['colours', '\u001b[31mError:\u001b[39m no', 'Error: no'],
    ['case and spacing', 'Error:  no\n  such  thing', 'error: no such thing '],
  ])('%s', (_name, one, other) => expect(fingerprint(one)).toBe(fingerprint(other)));
});

test.each([
  ["Cannot find module 'left'", "Cannot find module 'right'"],
  ['expected 3 to be 4', 'expected 3 to equal 4'],
  ['TypeError: x is not a function', 'ReferenceError: x is not defined'],
])('different failures differ: %s, %s', (one, other) => expect(fingerprint(one)).not.toBe(fingerprint(other)));

test('a fingerprint is 16 hex digits, for any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (error) => /^[0-9a-f]{16}$/.test(fingerprint(error))));
});

const errorText = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '/a/b',
        '12',
        ':',
        'deadbeef1',
        '2026-01-01T10:00',
        '<n>',
        '<',
        'C:\\x',
        '\u001b[1m',
        '0x1',
        './',
        'http://a',
      ),
    ),
  )
  .map((parts) => parts.join(''));

test('what was normalised stays as it is', () => {
  fc.assert(
    fc.property(errorText, (error) => {
      const once = normalizeError(error);
      expect(normalizeError(once)).toBe(once);
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  'a'.repeat(100_000),
  '/'.repeat(100_000),
  '1.'.repeat(50_000),
  '0'.repeat(100_000),
  '/a'.repeat(50_000),
  ' '.repeat(100_000),
  '1:'.repeat(50_000),
])('a very long error costs milliseconds', (error) => {
  expect(cpuMsOf(() => fingerprint(error))).toBeLessThan(2_000);
});
