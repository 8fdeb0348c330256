import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { contextFor, repository, temporaryFolder } from '../../../../../test/contract/engine-fixtures.ts';
import type { EngineFailure } from '../../engine.ts';
import { ForbiddenCommand } from '../../forbidden-command.ts';
import { readTools } from './read-tools.ts';
import type { ToolContext } from './tool-context.ts';
import { workTools } from './work-tools.ts';

const SECRET = 'hunter2-hunter2';

let folder: string;
let outside: string;
let stopped: EngineFailure[];
let said: string[];

beforeEach(async () => {
  folder = await repository({
    'src/a.ts': 'const a = 1;\nconst b = 2;\n',
    'src/b.ts': 'const c = 3;\n',
    'key.env': `KEY=${SECRET}\n`,
    '.gitignore': 'ignored\n',
  });
  outside = await temporaryFolder();
  await writeFile(join(outside, 'theirs.txt'), 'theirs\n');
  await symlink(outside, join(folder, 'out'));
  await symlink(join(outside, 'theirs.txt'), join(folder, 'out.txt'));
  await mkdir(join(folder, 'ignored'));
  await writeFile(join(folder, 'ignored/big.txt'), 'const a = 0;\n');
  stopped = [];
  said = [];
});

const contextWith = (overrides: Partial<ToolContext> = {}): ToolContext => {
  const { directory, signal, run } = contextFor(folder);
  return {
    directory,
    signal,
    run,
    say: (line) => void said.push(line),
    show: (text) => text.replaceAll(SECRET, '[redacted]'),
    stop: (failure) => void stopped.push(failure),
    ...overrides,
  };
};

const use = (name: string, input: unknown, overrides?: Partial<ToolContext>): Promise<string> => {
  const context = contextWith(overrides);
  const tool = [...readTools(context), ...workTools(context)].find((candidate) => candidate.name === name);
  if (!tool) throw new Error(`no tool is called ${name}`);
  return tool.run(input);
};

test('files are listed without what git ignores, narrowed by folder and glob', async () => {
  expect((await use('list_files', {})).split('\n')).toEqual(
    expect.arrayContaining(['.gitignore', 'key.env', 'src/a.ts', 'src/b.ts']),
  );
  expect(await use('list_files', { folder: './src', glob: '**/b.*' })).toBe('src/b.ts');
  expect(await use('list_files', { folder: 'ignored' })).toBe('no files');
});

test('a file is read whole or in part, also by its absolute path', async () => {
  expect(await use('read_file', { path: join(folder, 'src/a.ts') })).toBe('const a = 1;\nconst b = 2;\n');
  expect(await use('read_file', { path: 'src/a.ts', from: 2, lines: 1 })).toBe('[lines 2 to 2 of 3]\nconst b = 2;');
  await expect(use('read_file', { path: 'src/a.ts', from: 9 })).rejects.toThrow('has only 3 lines');
  await expect(use('read_file', { path: 'src' })).rejects.toThrow('not a file');
  await expect(use('read_file', { path: 'none' })).rejects.toThrow('does not exist');
});

test('what is large is cut, and what is no text is not read', async () => {
  await writeFile(join(folder, 'long.txt'), `${'x'.repeat(99)}\n`.repeat(1_000));
  const read = await use('read_file', { path: 'long.txt' });
  expect(read.length).toBeLessThan(31_000);
  expect(read).toMatch(/^\[lines 1 to 300 of 1001\]/);
  await writeFile(join(folder, 'huge.txt'), 'x'.repeat(5_000_000));
  await expect(use('read_file', { path: 'huge.txt' })).rejects.toThrow('too many to read');
  await writeFile(join(folder, 'binary'), Buffer.from([1, 0, 2]));
  await expect(use('read_file', { path: 'binary' })).rejects.toThrow('binary');
});

test('a search finds lines, in no file that git ignores, in none of git, and through no link', async () => {
  expect(await use('search', { pattern: 'const [a-z] =' })).toBe(
    'src/a.ts:1:const a = 1;\nsrc/a.ts:2:const b = 2;\nsrc/b.ts:1:const c = 3;',
  );
  expect(await use('search', { pattern: 'CONST C', folder: 'src', ignore_case: true })).toBe('src/b.ts:1:const c = 3;');
  expect(await use('search', { pattern: 'theirs' })).toBe('no matches');
  expect(await use('search', { pattern: 'repositoryformatversion' })).toBe('no matches');
  await expect(use('search', { pattern: '(' })).rejects.toThrow('the search failed');
  await expect(use('search', { pattern: 'x', folder: '..' })).rejects.toThrow('cannot leave');
});

test('a .git that somebody put in the place of the real one runs nothing and leads nowhere', async () => {
  const gitDir = join(outside, 'git');
  await rename(join(folder, '.git'), gitDir);
  const git = (...args: string[]) => execa('git', args, { cwd: folder });
  await git('init', '-q');
  await git('config', 'core.fsmonitor', `touch '${outside}/evil'`);
  await git('config', 'core.worktree', outside);
  const own = { repository: { cwd: folder, gitDir, workTree: folder } };
  expect(await use('list_files', { folder: 'src' }, own)).toBe('src/a.ts\nsrc/b.ts');
  expect(await use('search', { pattern: 'const c' }, own)).toBe('src/b.ts:1:const c = 3;');
  expect(await use('search', { pattern: 'theirs' }, own)).toBe('no matches');
  expect((await readdir(outside)).sort()).toEqual(['git', 'theirs.txt']);
});

test.each(['../theirs.txt', '/etc/passwd', 'out.txt', 'out/theirs.txt', '.git/config'])(
  '%s is not read',
  async (path) => {
    await expect(use('read_file', { path })).rejects.toThrow(/workspace|\.git/);
    expect(stopped).toEqual([]);
  },
);

test.each(['../mine.txt', '/tmp/mine.txt', '.git/hooks/pre-commit', '.GIT/config', '.'])(
  'to write %s is a slip that is told',
  async (path) => {
    await expect(use('write_file', { path, content: 'mine' })).rejects.toThrow(/workspace|\.git/);
    await expect(use('delete_file', { path })).rejects.toThrow(/workspace|\.git/);
    await expect(use('move_file', { from: 'src/a.ts', to: path })).rejects.toThrow(/workspace|\.git/);
    expect(stopped).toEqual([]);
  },
);

test.each(['out.txt', 'out/mine.txt', 'out/deep/mine.txt'])(
  'to write %s, through a link, ends the run',
  async (path) => {
    await expect(use('write_file', { path, content: 'mine' })).rejects.toThrow('leads out of the workspace');
    expect(stopped).toEqual([{ outcome: 'failed', category: 'critical', error: expect.stringContaining(path) }]);
    expect(await readFile(join(outside, 'theirs.txt'), 'utf8')).toBe('theirs\n');
  },
);

test('files are written, edited, moved and deleted, and an edit that fits nowhere says so', async () => {
  await use('write_file', { path: 'new/c.txt', content: 'one two two\n' });
  await expect(use('edit_file', { path: 'new/c.txt', find: 'two', replace: '2' })).rejects.toThrow('2 times');
  await expect(use('edit_file', { path: 'new/c.txt', find: 'three', replace: '3' })).rejects.toThrow(
    'does not contain',
  );
  expect(await use('edit_file', { path: 'new/c.txt', find: 'two', replace: '2', all: true })).toContain('2 places');
  await use('move_file', { from: 'new/c.txt', to: 'd.txt' });
  expect(await readFile(join(folder, 'd.txt'), 'utf8')).toBe('one 2 2\n');
  await use('delete_file', { path: 'd.txt' });
  await expect(use('read_file', { path: 'd.txt' })).rejects.toThrow('does not exist');
});

test('what was hidden is not written over with the word for it', async () => {
  const shown = await use('read_file', { path: 'key.env' });
  expect(shown).toBe('KEY=[redacted]\n');
  await expect(use('write_file', { path: 'key.env', content: `${shown}MORE=1\n` })).rejects.toThrow('not shown');
  await use('edit_file', { path: 'key.env', find: 'KEY=', replace: 'OLD_KEY=' });
  expect(await readFile(join(folder, 'key.env'), 'utf8')).toBe(`OLD_KEY=${SECRET}\n`);
  await use('write_file', { path: 'about.md', content: 'We print [redacted].\n' });
});

test('a command says how it ended; much output loses its middle, and secrets are gone', async () => {
  expect(await use('run', { command: `echo out; echo ${SECRET}; exit 3` })).toMatch(
    /^\[exit code 3\]\nout\n\[redacted\]/,
  );
  const long = await use('run', { command: 'seq 1 20000' });
  expect(long.length).toBeLessThan(13_000);
  expect(long).toMatch(/^\[exit code 0\]\n1\n[\s\S]*left out[\s\S]*20000\s*$/);
  expect(await use('run', { command: 'sleep 30', timeout_s: 0.2 })).toContain('it took longer than allowed');
});

test('a forbidden command ends the run', async () => {
  const run = async () => {
    throw new ForbiddenCommand('`rm -rf /` is forbidden');
  };
  await expect(use('run', { command: 'rm -rf /' }, { run })).rejects.toThrow('forbidden');
  expect(stopped).toEqual([{ outcome: 'failed', category: 'critical', error: '`rm -rf /` is forbidden' }]);
});

test('input that does not fit is told with what is wrong', async () => {
  await expect(use('read_file', { path: 7 })).rejects.toThrow(/does not fit the schema[\s\S]*path/);
  await expect(use('write_file', { path: 'a', content: 'x'.repeat(1_000_001) })).rejects.toThrow('content');
});
