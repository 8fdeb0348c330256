import { expect, test } from 'vitest';
import { createProgressLines } from './progress-lines.ts';

const linesOf = (pieces: readonly (readonly [atMs: number, text: string])[]): readonly string[] => {
  const lines: string[] = [];
  let now = 0;
  const { onText } = createProgressLines(
    (line) => void lines.push(line),
    () => now,
  );
  for (const [atMs, text] of pieces) {
    now = atMs;
    onText(text);
  }
  return lines;
};

test('of each second, the newest whole line is shown, and never half a word', () => {
  const pieces = [
    [0, 'First I lo'],
    [10, 'ok.\nThen I'],
    [20, ' read.\nThen I wr'],
    [900, 'ite.\n'],
    [1_100, 'And then'],
    [1_200, ' I run it. Now'],
    [2_200, ' it'],
  ] as const;
  expect(linesOf(pieces)).toEqual(['First I look.', 'Then I write.', 'And then I run it.']);
});

test('what never ends is not kept, and a long line is cut', () => {
  const [line = ''] = linesOf([[0, `${'x'.repeat(100_000)}\n`]]);
  expect(line.length).toBeLessThanOrEqual(300);
  expect(linesOf([[0, 'no end of this']])).toEqual([]);
});
