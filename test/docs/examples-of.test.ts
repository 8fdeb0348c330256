import { expect, test } from 'vitest';
import { examplesOf, missingLines } from './examples-of.ts';

const fenced = (info: string, text: string) => `\`\`\`${info}\n${text}\n\`\`\`\n\n`;

test('only a block that is marked with run is an example', () => {
  const markdown = fenced('sh', 'rm -rf build') + fenced('sh run', 'echo one\necho two');
  expect(examplesOf(markdown)).toEqual([{ name: 'echo one', script: 'echo one\necho two', output: [] }]);
});

test('the output block right after an example is what the example prints', () => {
  const markdown = fenced('sh run', 'echo one') + fenced('text output', 'one\n\ntwo');
  expect(examplesOf(markdown)[0]?.output).toEqual(['one', 'two']);
});

test('an output block after other text belongs to nothing', () => {
  const markdown = `${fenced('sh run', 'echo one')}Some words.\n\n${fenced('text output', 'one')}`;
  expect(examplesOf(markdown)[0]?.output).toEqual([]);
});

test('lines are found in order, with other lines between them', () => {
  expect(missingLines('a\nb\nc\n', ['a', 'c'])).toEqual([]);
  expect(missingLines('a\nb\nc\n', ['c', 'a'])).toEqual(['a']);
});

test('three dots stand for any text, all else for itself', () => {
  expect(missingLines('took 12 ms (ok)', ['took … ms (ok)'])).toEqual([]);
  expect(missingLines('took 12 ms', ['t..k 12 ms'])).toEqual(['t..k 12 ms']);
});
