import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from './request.ts';

test('greets the person in the path', async () => {
  assert.deepEqual(await request('/greetings/Ada'), { status: 200, body: { message: 'Hello, Ada!' } });
});

test('greets in the language that is asked for', async () => {
  assert.deepEqual(await request('/greetings/Ada?language=fr'), { status: 200, body: { message: 'Bonjour, Ada!' } });
});

test('takes a name with an encoded space', async () => {
  assert.deepEqual(await request('/greetings/Ada%20L'), { status: 200, body: { message: 'Hello, Ada L!' } });
});

test('answers 404 for a language it does not speak', async () => {
  const { status } = await request('/greetings/Ada?language=tlh');
  assert.equal(status, 404);
});

test('answers 404 for a path that no route has', async () => {
  assert.deepEqual(await request('/nowhere'), { status: 404, body: { error: 'not found' } });
  assert.deepEqual(await request('/greetings/%'), { status: 404, body: { error: 'not found' } });
});

test('answers 405 for a method that the path does not take', async () => {
  assert.deepEqual(await request('/languages', 'DELETE'), { status: 405, body: { error: 'method not allowed' } });
});
