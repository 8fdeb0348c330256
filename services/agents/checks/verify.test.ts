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

test('a pattern that would take for ever fails within a second and says so', async () => {
  await writeFile(join(directory, 'slow'), `${'a'.repeat(60)}b`);
  const result = await contains('slow', '^(a+)+$');
  expect(result).toMatchObject({ passed: false });
  expect(result.output).toContain('takes too long');
  expect(result.durationMs).toBeLessThan(2_000);
});

test('a browser check is not available, and what is not available has not passed', async () => {
  const verification: Verification = { type: 'browser', url: 'http://localhost', actions: [], assertions: ['x'] };
  expect(isAvailable(verification)).toBe(false);
  const result = await check(verification);
  expect(result.passed).toBe(false);
  expect(result.output).toMatch(/^not available/);
  expect(verificationLabel(verification)).toBe('browser at http://localhost');
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
