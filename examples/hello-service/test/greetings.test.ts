import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet, languages } from '../src/greetings.ts';

test('greets in English when no language is given', () => {
  assert.equal(greet('Ada'), 'Hello, Ada!');
});

test('greets in every language it lists', () => {
  for (const language of languages) assert.match(greet('Ada', language) ?? '', /Ada!$/);
});

test('knows no language that it does not list', () => {
  assert.equal(greet('Ada', 'tlh'), undefined);
  assert.equal(greet('Ada', 'toString'), undefined);
});
