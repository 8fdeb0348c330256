import { expect, test } from 'vitest';
import { cpuMsOf } from '../../test/support/cpu-time.ts';
import { loadTokenCounter } from './tokenizer.ts';

const count = await loadTokenCounter();

test.each([
  ['', 0],
  ['hello world', 2],
  ['Add a health endpoint', 4],
  ['{"a":[1,2,3]}', 9],
])('"%s" is %i tokens', (text, tokens) => {
  expect(count(text)).toBe(tokens);
});

test('a mark that ends a document is text like any other', () => {
  expect(count('a <|endoftext|> b')).toBeGreaterThan(3);
});

test('a line without a break is counted in time that grows with its length', () => {
  const long = () => [count('x'.repeat(200_000)), count(' '.repeat(100_000)), count('你'.repeat(50_000))];
  expect(Math.min(...long())).toBeGreaterThan(0);
  expect(cpuMsOf(long)).toBeLessThan(5_000);
});

test('a character of two halves is never cut in two', () => {
  expect(count('😀'.repeat(1_000))).toBe(1_000 * count('😀'));
});
