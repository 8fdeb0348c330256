import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Operation } from '#contracts';
import type { CommandOutcome } from '../engine.ts';
import { ForbiddenCommand } from '../forbidden-command.ts';
import { type ApplyOptions, applyOperations } from './apply-operations.ts';

let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'studio-operations-')));
  directory = join(parent, 'work');
  await mkdir(directory);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const outcomeOf = (fields: Partial<CommandOutcome>): CommandOutcome => {
  return { exitCode: 0, signal: null, timedOut: false, output: '', durationMs: 1, ...fields };
};

const apply = (operations: readonly Operation[], options: Partial<ApplyOptions> = {}) =>
  applyOperations(operations, {
    directory,
    signal: new AbortController().signal,
    run: async () => outcomeOf({}),
    ...options,
  });

const put = (path: string, content: string | Buffer): Promise<void> => writeFile(join(directory, path), content);
const read = (path: string): Promise<string> => readFile(join(directory, path), 'utf8');

test('operations are applied in order and summed up', async () => {
  await put('a.txt', 'one');
  const outcome = await apply([
    { op: 'write', path: 'new/folder/b.txt', content: 'b' },
    { op: 'edit', path: 'a.txt', find: 'one', replace: 'two' },
    { op: 'move', from: 'a.txt', to: 'c/d.txt' },
    { op: 'delete', path: 'new' },
    { op: 'run', command: 'make' },
  ]);
  expect(outcome).toEqual({
    outcome: 'done',
    summary: 'wrote new/folder/b.txt; edited a.txt (one place); moved a.txt to c/d.txt; deleted new; ran make',
  });
  expect(await readdir(directory, { recursive: true })).toEqual(['c', 'c/d.txt']);
  expect(await read('c/d.txt')).toBe('two');
});

test('a file that is written again keeps its permissions, and nothing temporary is left', async () => {
  await put('run.sh', 'one');
  await chmod(join(directory, 'run.sh'), 0o755);
  await apply([{ op: 'write', path: 'run.sh', content: 'two' }]);
  expect((await lstat(join(directory, 'run.sh'))).mode & 0o777).toBe(0o755);
  expect(await readdir(directory)).toEqual(['run.sh']);
});

test('the first that fails ends it, says which one and why, and undoes what the others did to files', async () => {
  await put('a.txt', 'one');
  await put('gone.txt', 'still here');
  await symlink('a.txt', join(directory, 'link'));
  const outcome = await apply([
    { op: 'write', path: 'b/c.txt', content: 'new' },
    { op: 'edit', path: 'a.txt', find: 'one', replace: 'two' },
    { op: 'delete', path: 'gone.txt' },
    { op: 'delete', path: 'link' },
    { op: 'move', from: 'a.txt', to: 'z.txt' },
    { op: 'edit', path: 'z.txt', find: 'three', replace: 'four' },
  ]);
  expect(outcome).toEqual({
    outcome: 'failed',
    error: 'operation 6 of 6 (edit): z.txt does not contain "three"; look at the file and correct `find`',
  });
  expect(await read('a.txt')).toBe('one');
  expect(await read('gone.txt')).toBe('still here');
  expect((await lstat(join(directory, 'link'))).isSymbolicLink()).toBe(true);
  expect((await readdir(directory)).filter((name) => name.endsWith('.txt'))).toEqual(['a.txt', 'gone.txt']);
});

test.each<[string, Operation, string]>([
  [
    'an edit of a file that is not there',
    { op: 'edit', path: 'no.txt', find: 'a', replace: 'b' },
    'no.txt does not exist',
  ],
  ['an edit of a folder', { op: 'edit', path: 'folder', find: 'a', replace: 'b' }, 'folder is not a file'],
  ['an edit of a binary file', { op: 'edit', path: 'a.bin', find: 'a', replace: 'b' }, 'binary'],
  ['an edit of bytes that are not UTF-8', { op: 'edit', path: 'latin.txt', find: 'a', replace: 'b' }, 'not UTF-8'],
  ['an ambiguous edit', { op: 'edit', path: 'two.txt', find: 'x', replace: 'b' }, '2 times (lines 1, 2)'],
  ['a delete of nothing', { op: 'delete', path: 'no.txt' }, 'cannot be deleted'],
  ['a move of nothing', { op: 'move', from: 'no.txt', to: 'a.txt' }, 'cannot be moved'],
  ['a move onto a file', { op: 'move', from: 'two.txt', to: 'a.bin' }, 'a.bin exists already'],
])('%s fails and says so', async (_, operation, message) => {
  await mkdir(join(directory, 'folder'));
  await put('a.bin', 'a\0');
  await put('latin.txt', Buffer.from([0x61, 0xe9]));
  await put('two.txt', 'x\nx\n');
  expect(await apply([operation])).toMatchObject({ outcome: 'failed', error: expect.stringContaining(message) });
});

test.each<[string, Operation]>([
  ['a path that climbs', { op: 'write', path: '../evil.txt', content: '' }],
  ['an absolute path', { op: 'write', path: '/tmp/evil.txt', content: '' }],
  ['a folder that is a link', { op: 'write', path: 'out/evil.txt', content: '' }],
  ['a new folder under a link', { op: 'write', path: 'out/deep/er/evil.txt', content: '' }],
  ['a file that is a link', { op: 'write', path: 'file-link', content: '' }],
  ['a link that leads nowhere yet', { op: 'write', path: 'dangling', content: '' }],
  ['an edit through a link', { op: 'edit', path: 'file-link', find: 'safe', replace: 'evil' }],
  ['a delete under a link', { op: 'delete', path: 'out/safe.txt' }],
  ['a move from under a link', { op: 'move', from: 'out/safe.txt', to: 'mine.txt' }],
  ['a move to under a link', { op: 'move', from: 'mine.txt', to: 'out/mine.txt' }],
  ['the .git folder of a module', { op: 'write', path: 'module/.git/hooks/pre-commit', content: '' }],
  ['the .git folder by a link', { op: 'write', path: 'git-link/hooks/pre-commit', content: '' }],
])('%s leaves the workspace: critical, and nothing is written', async (_, operation) => {
  await mkdir(join(parent, 'outside'));
  await writeFile(join(parent, 'outside/safe.txt'), 'safe');
  await symlink(join(parent, 'outside'), join(directory, 'out'));
  await symlink(join(parent, 'outside/safe.txt'), join(directory, 'file-link'));
  await symlink(join(parent, 'outside/new.txt'), join(directory, 'dangling'));
  await mkdir(join(directory, '.git/hooks'), { recursive: true });
  await symlink('.git', join(directory, 'git-link'));
  await put('mine.txt', 'mine');
  expect(await apply([operation])).toMatchObject({ outcome: 'failed', category: 'critical' });
  expect(await readdir(join(parent, 'outside'))).toEqual(['safe.txt']);
  expect(await readFile(join(parent, 'outside/safe.txt'), 'utf8')).toBe('safe');
  expect(await readdir(join(directory, '.git/hooks'))).toEqual([]);
});

test('a link inside the workspace is written through, and stays a link', async () => {
  await put('real.txt', 'one');
  await symlink('real.txt', join(directory, 'link.txt'));
  expect(await apply([{ op: 'edit', path: 'link.txt', find: 'one', replace: 'two' }])).toMatchObject({
    outcome: 'done',
  });
  expect(await read('real.txt')).toBe('two');
  expect((await lstat(join(directory, 'link.txt'))).isSymbolicLink()).toBe(true);
});

test('a byte-order mark stays', async () => {
  await put('bom.txt', '\uFEFFone');
  await apply([{ op: 'edit', path: 'bom.txt', find: 'one', replace: 'two' }]);
  expect(await read('bom.txt')).toBe('\uFEFFtwo');
});

test('a command that fails tells its exit code and the end of its output', async () => {
  const run = async () => outcomeOf({ exitCode: 3, output: `${'x'.repeat(5_000)}the reason` });
  const outcome = await apply([{ op: 'run', command: 'make' }], { run });
  expect(outcome).toMatchObject({
    outcome: 'failed',
    error: expect.stringMatching(/`make` ended with exit code 3\n.*the reason$/),
  });
  expect(JSON.stringify(outcome).length).toBeLessThan(2_500);
});

test('a command gets the time that its operation allows', async () => {
  const times: unknown[] = [];
  const run: ApplyOptions['run'] = async (_, options) => {
    times.push(options?.timeoutMs);
    return outcomeOf({ timedOut: true, exitCode: null, durationMs: 2_000 });
  };
  const outcome = await apply([{ op: 'run', command: 'make', timeout_s: 2 }], { run });
  expect(times).toEqual([2_000]);
  expect(outcome).toMatchObject({ error: expect.stringContaining('ended after 2 s') });
});

test('a forbidden command is critical, and undoes what came before it', async () => {
  const run = async () => {
    throw new ForbiddenCommand('a command was not run');
  };
  const operations: Operation[] = [
    { op: 'write', path: 'a.txt', content: 'a' },
    { op: 'run', command: 'rm -rf /' },
  ];
  expect(await apply(operations, { run })).toEqual({
    outcome: 'failed',
    error: 'operation 2 of 2 (run): a command was not run',
    category: 'critical',
  });
  expect(await readdir(directory)).toEqual([]);
});

test('an abort between two operations undoes the first and rejects with the reason', async () => {
  const abort = new AbortController();
  const run = async () => {
    abort.abort(new Error('the lease is gone'));
    return outcomeOf({ exitCode: null, signal: 'SIGTERM' });
  };
  const operations: Operation[] = [
    { op: 'write', path: 'a.txt', content: 'a' },
    { op: 'run', command: 'make' },
  ];
  await expect(apply(operations, { run, signal: abort.signal })).rejects.toThrow('the lease is gone');
  expect(await readdir(directory)).toEqual([]);
});

test('operations that ran once change nothing when they run again as a repeat', async () => {
  await put('a.txt', 'head\nold\n');
  await put('b.txt', 'b');
  const operations: Operation[] = [
    { op: 'edit', path: 'a.txt', find: 'head\n', replace: 'head\nnew line\n' },
    { op: 'edit', path: 'a.txt', find: 'old', replace: 'fresh' },
    { op: 'move', from: 'b.txt', to: 'c.txt' },
    { op: 'write', path: 'd.txt', content: 'd' },
  ];
  expect(await apply(operations)).toMatchObject({ outcome: 'done' });
  expect(await apply(operations, { repeat: true })).toMatchObject({ outcome: 'done' });
  expect(await read('a.txt')).toBe('head\nnew line\nfresh\n');
  expect(await apply([{ op: 'delete', path: 'b.txt' }], { repeat: true })).toMatchObject({ outcome: 'done' });
});
