import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Verification } from '#contracts';
import type { CommandOutcome } from '#engines';
import { endOf, isAvailable, verificationLabel, verify } from './index.ts';

let directory: string;

const ENDED: CommandOutcome = { exitCode: 0, signal: null, timedOut: false, output: 'said\n', durationMs: 5 };

const check = (verification: Verification, outcome: Partial<CommandOutcome> = {}, signal?: AbortSignal) =>
  verify(
    { criterion: 'it is so', verification },
    {
      directory,
      signal: signal ?? new AbortController().signal,
      run: async (command) => ({ ...ENDED, output: `ran ${command}`, ...outcome }),
    },
  );
const page: Verification = { type: 'browser', url: 'index.html', actions: [], assertions: ['Hello', 'no errors'] };
const contains = (path: string, pattern: string) => check({ type: 'file_contains', path, pattern });

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'studio-checks-')), 'workspace');
  await mkdir(join(directory, 'src'), { recursive: true });
  await writeFile(join(directory, 'src/app.ts'), "app.get('/Health', ok);\nlisten(3000);\n");
  await writeFile(join(directory, '../outside'), 'secret');
  await symlink('../outside', join(directory, 'out'));
  await symlink('src/app.ts', join(directory, 'in'));
  await symlink('nowhere', join(directory, 'dangling'));
});
afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

test.each(['command', 'test_passes'] as const)('a %s passes with exit code 0 and nothing else', async (type) => {
  const verification: Verification = type === 'command' ? { type, command: 'npm x' } : { type, test_command: 'npm x' };
  expect(await check(verification)).toMatchObject({ type, passed: true, exitCode: 0, output: 'ran npm x' });
  expect(await check(verification, { exitCode: 1 })).toMatchObject({ passed: false, exitCode: 1 });
  expect(await check(verification, { exitCode: null, signal: 'SIGKILL' })).toMatchObject({ passed: false });
  const late = await check(verification, { timedOut: true });
  expect(late).toMatchObject({ passed: false });
  expect(late.output).toContain('stopped after 5 ms');
});

test.each([
  ['src/app.ts', true, ''],
  ['src', true, ''],
  ['in', true, ''],
  ['none', false, 'there is no none'],
  ['src/app.ts/below', false, 'there is no src/app.ts/below'],
  ['out', false, 'out is a link out of the workspace'],
  ['dangling', false, 'dangling is a link to nothing'],
])('whether %s exists: %s', async (path, passed, output) => {
  expect(await check({ type: 'file_exists', path })).toMatchObject({ type: 'file_exists', passed, output });
});

test.each([
  ['src/app.ts', '/[A-Z]\\w+', true],
  ['src/app.ts', '^listen\\(\\d+\\);$', true],
  ['src/app.ts', '(?i)/health', true],
  ['src/app.ts', '/health', false],
  ['src/app.ts', "app.get('/Health', ok)", false],
  ['src/app.ts', "get('/Health'", true],
  ['out', 'secret', false],
  ['src', 'x', false],
  ['none', 'x', false],
])('whether %s contains %s: %s', async (path, pattern, passed) => {
  expect((await contains(path, pattern)).passed).toBe(passed);
});

test('a pattern that would take for ever is given up, which fails and says so', async () => {
  await writeFile(join(directory, 'slow'), `${'a'.repeat(60)}b`);
  const result = await contains('slow', '^(a+)+$');
  expect(result).toMatchObject({ passed: false });
  expect(result.output).toContain('takes too long');
});

test('a browser check without a browser is not available, and what is not available has not passed', async () => {
  expect(isAvailable(page, {})).toBe(false);
  expect(await check(page)).toMatchObject({
    passed: false,
    output: expect.stringMatching(/^not available: .*chromium/),
  });
  expect(verificationLabel(page)).toBe('index.html in a browser: Hello; no errors');
});

test('a browser check is one command, and what serves the page is looked at as any other command is', async () => {
  const browser = { program: '/usr/bin/chromium', library: '/lib.js', entry: "/it's/check.cjs" };
  const ran: string[] = [];
  const context = {
    directory,
    signal: new AbortController().signal,
    browser,
    run: async (command: string) => {
      ran.push(command);
      return ENDED;
    },
    assertAllowed: (command: string) => {
      if (command.includes('sudo')) throw new Error('not allowed');
    },
  };
  const verification = { ...page, url: 'http://127.0.0.1:{port}/', serve: 'npm start' };
  expect(isAvailable(verification, context)).toBe(true);
  expect(await verify({ criterion: 'it greets', verification }, context)).toMatchObject({ passed: true, exitCode: 0 });
  expect(ran).toEqual([
    expect.stringMatching(/^exec '.*node' '\/it'\\''s\/check\.cjs' '\{"url":"http.*"serve":"npm start"/),
  ]);
  const forbidden = { ...verification, serve: 'sudo npm start' };
  await expect(verify({ criterion: 'it greets', verification: forbidden }, context)).rejects.toThrow('not allowed');
});

test('of a long output the end is kept, from the start of a line', () => {
  const text = Array.from({ length: 1_000 }, (_, line) => `line ${line}`).join('\n');
  expect(endOf(text, 30)).toBe('[…]\nline 997\nline 998\nline 999');
  expect(endOf('short')).toBe('short');
});

test('an aborted lease checks nothing more', async () => {
  const signal = AbortSignal.abort(new Error('lease lost'));
  await expect(check({ type: 'file_exists', path: 'src' }, {}, signal)).rejects.toThrow('lease lost');
});
