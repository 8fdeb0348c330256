import { expect, test } from 'vitest';
import { editText } from './edit-text.ts';

test('one place is replaced, and the replacement is taken as it stands', () => {
  expect(editText('a b c', { find: 'b', replace: '$&$1' })).toEqual({
    outcome: 'edited',
    content: 'a $&$1 c',
    count: 1,
  });
});

test('what is looked for is a text, not an expression', () => {
  expect(editText('a.c abc (x)', { find: 'a.c', replace: 'z' })).toMatchObject({ content: 'z abc (x)' });
  expect(editText('f(x) [y] {z} | ^ $ \\', { find: '(x) [y] {z} | ^ $ \\', replace: '' })).toMatchObject({
    content: 'f',
  });
});

test('two places are ambiguous and their lines are named, unless all are meant', () => {
  expect(editText('x\ny x\n', { find: 'x', replace: 'z' })).toEqual({ outcome: 'ambiguous', lines: [1, 2] });
  expect(editText('x\ny x\n', { find: 'x', replace: 'z', all: true })).toMatchObject({ content: 'z\ny z\n', count: 2 });
});

test('a whole word has no letter, digit or underscore beside it, in any script', () => {
  const edit = { find: 'teh', replace: 'the', all: true, whole_word: true };
  expect(editText('teh tehran _teh teh2 éteh (teh)', edit)).toMatchObject({
    content: 'the tehran _teh teh2 éteh (the)',
  });
});

test('a file in CRLF is found and written in CRLF', () => {
  expect(editText('a\r\nb\r\n', { find: 'a\nb', replace: 'a\nx\nb' })).toMatchObject({ content: 'a\r\nx\r\nb\r\n' });
});

test('a file in LF gets no CRLF from an edit that is written in it', () => {
  expect(editText('a\nb\n', { find: 'a\r\nb', replace: 'a\r\nx' })).toMatchObject({ content: 'a\nx\n' });
});

test('an absent text says whether its replacement is there', () => {
  expect(editText('new', { find: 'old', replace: 'new' })).toEqual({ outcome: 'absent', alreadyReplaced: true });
  expect(editText('other', { find: 'old', replace: 'new' })).toEqual({ outcome: 'absent', alreadyReplaced: false });
  expect(editText('other', { find: 'old', replace: '' })).toEqual({ outcome: 'absent', alreadyReplaced: false });
});
