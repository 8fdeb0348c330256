import { describe, expect, test } from 'vitest';
import { parseChanges } from '#repository';
import { captureOutput } from './captured-output.ts';
import { commandEnvironment } from './command-environment.ts';
import { createRedactor } from './redact.ts';

const captured = (text: string, chunk: number, head = 20, tail = 30) => {
  const output = captureOutput(head, tail);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) output.add(bytes.subarray(at, at + chunk));
  return output.text();
};

describe('captured output', () => {
  test.each([1, 7, 1_000])('is whole while it is short, in chunks of %i', (chunk) => {
    expect(captured('äöü\nshort\n', chunk)).toBe('äöü\nshort\n');
    expect(captured('x'.repeat(49), chunk)).toBe('x'.repeat(49));
  });

  test.each([1, 7, 1_000])('keeps whole lines of the start and the end, in chunks of %i', (chunk) => {
    const text = Array.from({ length: 100 }, (_, line) => `line ${line}\n`).join('');
    expect(captured(text, chunk)).toBe('line 0\nline 1\n[… 740 bytes left out …]\nline 97\nline 98\nline 99\n');
  });

  test('has no colours and no zero bytes', () => {
    expect(captured('\u001b[31mred\u001b[0m\0', 3)).toBe('red');
  });
});

describe('redaction', () => {
  const environment = { API_TOKEN: 'abcdefgh', DB_PASSWORD: 'abcdefghij', PWD: '/home/someone', SHORT_TOKEN: 'true' };
  const redact = createRedactor({ patterns: ['customer-\\d+', '(['], environment });

  test.each([
    ['abcdefghij abcdefgh', '[redacted] [redacted]'],
    ['/home/someone is true', '/home/someone is true'],
    ['customer-17 and ([', '[redacted] and [redacted]'],
    ['Authorization: Bearer abcdefghijklmnop1234', 'Authorization: Bearer [redacted]'],
    ['AKIAABCDEFGHIJKLMNOP', '[redacted]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nrest', '[redacted]\nrest'],
    ['redis://user:pa$$w0rd@host:6379', 'redis://user:[redacted]@host:6379'],
    ['http://localhost:3000/a@b', 'http://localhost:3000/a@b'],
    ['task-force sk-learn', 'task-force sk-learn'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

test('the environment of a command has a PATH whatever the worker has', () => {
  expect(commandEnvironment({}, [])).toMatchObject({ PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', CI: '1' });
  expect(commandEnvironment({ PATH: '/x', OTHER: '1' }, ['TERM'])).toMatchObject({ PATH: '/x', TERM: 'dumb' });
});

test('changes of binary files, renames and odd names are read', () => {
  const raw = ':100644 100644 a b M\0bin\0:100644 100644 a b R090\0old\0new\tname\0:000000 100644 a b A\0:x\0';
  const numbers = '-\t-\tbin\0' + '3\t1\t\0old\0new\tname\0' + '2\t0\t:x\0';
  expect(parseChanges(raw + numbers)).toEqual([
    { path: 'bin', status: 'modified', added: 0, removed: 0 },
    { path: 'new\tname', status: 'renamed', added: 3, removed: 1 },
    { path: ':x', status: 'added', added: 2, removed: 0 },
  ]);
  expect(parseChanges('')).toEqual([]);
});

describe('a value of the environment is found however it is written', () => {
  const value = 'p4ss/w"ord+Tr1cky';
  const redact = createRedactor({ patterns: [], environment: { DEPLOY_PIN: value }, secretNames: ['DEPLOY_PIN'] });

  test.each([
    ['as it is', `pin ${value}.`],
    ['broken by a line', `pin ${value.slice(0, 9)}\n${value.slice(9)}.`],
    ['as JSON', JSON.stringify({ pin: value })],
    ['in a URL', `https://example.org/?pin=${encodeURIComponent(value)}`],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64 behind a name', Buffer.from(`ada:${value}`).toString('base64url')],
    ['in base64 between others', Buffer.from(`id=ada;pin=${value};n=1`).toString('base64')],
    ['begun', `the pin is ${value.slice(0, -3)}`],
    ['ended', `${value.slice(4)} was it`],
  ])('%s', (_how, text) => {
    const shown = redact(text);
    expect(shown).toContain('[redacted]');
    const longest = (part: string) =>
      [...Array(value.length - 7).keys()].some((at) => part.includes(value.slice(at, at + 8)));
    expect(longest(shown)).toBe(false);
    expect(longest(Buffer.from(shown.replace('[redacted]', ''), 'base64').toString())).toBe(false);
  });

  test('and nothing else is hidden', () => expect(redact('a password is a word')).toBe('a password is a word'));
});
