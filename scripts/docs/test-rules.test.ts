import { expect, test } from 'vitest';
import { rulesIn } from './test-rules.ts';

test('rules are the titles of tests, below the titles of their groups', () =>
  expect(
    rulesIn(
      'a.test.ts',
      "describe('a step', () => { test('is done once', () => {}); describe('that fails', () => test('is tried again', () => {})); });",
    ),
  ).toEqual([
    { groups: ['a step'], title: 'is done once' },
    { groups: ['a step', 'that fails'], title: 'is tried again' },
  ]));

test('a table of cases is one rule, with a gap for what differs', () =>
  expect(rulesIn('a.test.ts', "test.each([['a'], ['b']])('%s is refused', () => {});")).toEqual([
    { groups: [], title: '… is refused' },
  ]));

test('a title that is put together shows its fixed part', () =>
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a test
  expect(rulesIn('a.test.ts', 'test(`the ${kind} of a run`, () => {});')).toEqual([
    { groups: [], title: 'the … of a run' },
  ]));

test('calls with other names are no rules', () =>
  expect(rulesIn('a.test.ts', "expect('a'); contest('b');")).toEqual([]));
