import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRepository, listStudioRefs, missingCommits } from '#repository';
import { installationNoteOf } from '#runtime';
import { createFixture, exists, type Fixture, ORCHESTRATION } from './workspace.fixture.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture(process.env);
});
afterEach(() => fixture.end());

test('a worktree holds the files of HEAD and lies outside the folder', async () => {
  const head = await fixture.repository();
  const workspace = await fixture.open();
  expect(workspace).toMatchObject({ base: head, dirty: false, private: false, branch: `studio/${ORCHESTRATION}` });
  expect(workspace.directory.startsWith(fixture.root)).toBe(false);
  expect(await readFile(join(workspace.directory, 'a.txt'), 'utf8')).toBe('one\n');
});

test('a lease goes on from the commit in the log, and what was newer is gone', async () => {
  const base = await fixture.repository();
  const first = await fixture.open({ lease: 4 });
  await writeFile(join(first.directory, 'b.txt'), 'kept');
  const logged = await first.commitAll('step 1');
  await writeFile(join(first.directory, 'c.txt'), 'never in the log');
  await first.commitAll('step 2');
  const second = await fixture.open({ lease: 9, base, from: logged });
  expect(second.head()).toBe(logged);
  expect(await exists(join(second.directory, 'b.txt'))).toBe(true);
  expect(await exists(join(second.directory, 'c.txt'))).toBe(false);
  expect((await second.changes()).map(({ path }) => path)).toEqual(['b.txt']);
});

test('what a killed worker left of an older lease is gone, and what somebody does by hand is not', async () => {
  await fixture.repository();
  const left = await fixture.open({ lease: 4 });
  await fixture.open({ lease: 5 });
  expect(await exists(left.directory)).toBe(false);
  const byHand = await fixture.open({ lease: 6 });
  await writeFile(installationNoteOf(byHand.directory), fixture.place.studioDir);
  await fixture.open({ lease: 7 });
  expect(await exists(byHand.directory)).toBe(true);
});

test('a subfolder of a repository is where commands run', async () => {
  await fixture.repository();
  await mkdir(join(fixture.root, 'packages/x'), { recursive: true });
  await writeFile(join(fixture.root, 'packages/x/file'), 'x');
  await fixture.sh('git add -A && git commit -q -m more');
  const workspace = await fixture.open({ root: join(fixture.root, 'packages/x') });
  expect((await workspace.run('ls')).output).toBe('file\n');
});

test('uncommitted changes are reported and left out, or taken along on demand, and never touched', async () => {
  const head = await fixture.repository();
  await writeFile(join(fixture.root, 'a.txt'), 'two\n');
  await writeFile(join(fixture.root, 'new.txt'), 'new\n');
  const before = await fixture.sh('git status --porcelain && git diff --cached --stat');
  const without = await fixture.open();
  expect(without).toMatchObject({ dirty: true, base: head });
  const taken = await fixture.open({ lease: 5, includeDirty: true });
  expect(taken.dirty).toBe(false);
  expect(await readFile(join(taken.directory, 'new.txt'), 'utf8')).toBe('new\n');
  expect(await readFile(join(taken.directory, 'a.txt'), 'utf8')).toBe('two\n');
  expect(await fixture.sh('git status --porcelain && git diff --cached --stat')).toBe(before);
  expect(await listStudioRefs(fixture.place)).toEqual([
    { ref: `refs/studio/${ORCHESTRATION}/base`, commit: taken.base },
  ]);
});

test('settings of Studio that are not committed yet are no uncommitted work', async () => {
  await fixture.repository();
  await fixture.sh('mkdir .studio && echo "{}" > .studio/config.yaml');
  expect(await fixture.open()).toMatchObject({ dirty: false });
});

test('a folder without git gets a private repository and stays without git', async () => {
  await writeFile(join(fixture.root, 'a.txt'), 'one\n');
  const workspace = await fixture.open();
  expect(workspace.private).toBe(true);
  expect(await readFile(join(workspace.directory, 'a.txt'), 'utf8')).toBe('one\n');
  expect(await exists(join(fixture.root, '.git'))).toBe(false);
  const again = await fixture.open({ lease: 6 });
  expect(again.base).toBe(workspace.base);
});

test.each([true, false])('many runs begin at once, each in its own worktree (with git: %s)', async (withGit) => {
  if (withGit) await fixture.repository();
  else await writeFile(join(fixture.root, 'a.txt'), 'one\n');
  const runs = [1, 2, 3, 4, 5].map((last) => `${ORCHESTRATION.slice(0, -1)}${last}`);
  const opened = await Promise.all(runs.map((orchestration) => fixture.open({ orchestration })));
  const commits = await Promise.all(
    opened.map(async (workspace, index) => {
      await writeFile(join(workspace.directory, `${index}.txt`), 'x');
      return workspace.commitAll('step');
    }),
  );
  expect(new Set(commits).size).toBe(5);
  expect(await Promise.all(opened.map((workspace) => workspace.changes()))).toMatchObject(
    opened.map((_, index) => [{ path: `${index}.txt`, status: 'added' }]),
  );
});

test('a folder that the repository around it ignores is a project of its own', async () => {
  await fixture.repository({ '.gitignore': 'inner/\n' });
  await mkdir(join(fixture.root, 'inner'));
  await writeFile(join(fixture.root, 'inner/file'), 'x');
  const workspace = await fixture.open({ root: join(fixture.root, 'inner') });
  expect(workspace.private).toBe(true);
  expect((await workspace.run('ls')).output).toBe('file\n');
});

test.each([
  ['a folder that is not there', 'workspace.not_found', async () => join(fixture.home, 'nowhere')],
  [
    'a file',
    'workspace.not_a_folder',
    async () => writeFile(join(fixture.home, 'f'), '').then(() => join(fixture.home, 'f')),
  ],
  [
    'a repository without commits',
    'workspace.no_commits',
    async () => fixture.sh('git init -q').then(() => fixture.root),
  ],
  [
    'a bare repository',
    'workspace.bare_repository',
    async () => fixture.sh('git init -q --bare').then(() => fixture.root),
  ],
  ['a .git folder', 'workspace.inside_git', async () => fixture.repository().then(() => join(fixture.root, '.git'))],
])('%s is refused as %s', async (_what, code, prepare) => {
  const folder = await prepare();
  await expect(fixture.open({ root: folder })).rejects.toMatchObject({ code, remedy: 'change' });
});

test('a commit that is gone is named', async () => {
  const base = await fixture.repository();
  const gone = 'a'.repeat(40);
  await expect(fixture.open({ base, from: gone })).rejects.toMatchObject({
    code: 'workspace.commit_missing',
    details: { commit: gone },
  });
  expect(await missingCommits(await findRepository(fixture.place), [base, gone])).toEqual([gone]);
});

test('the person may be in a linked worktree, and git variables around us mean nothing', async () => {
  await fixture.repository();
  await fixture.sh('git worktree add -q ../linked -b linked');
  process.env.GIT_DIR = '/nowhere';
  try {
    const workspace = await fixture.open({ root: join(fixture.home, 'linked') });
    expect(await exists(join(workspace.directory, 'a.txt'))).toBe(true);
  } finally {
    delete process.env.GIT_DIR;
  }
});

test('an abort stops work and leaves a workspace that can be disposed of', async () => {
  await fixture.repository();
  await symlink('/', join(fixture.root, 'link'));
  const lease = new AbortController();
  const workspace = await fixture.open({ signal: lease.signal });
  const running = workspace.run('sleep 100');
  lease.abort(new Error('lease lost'));
  await expect(running).rejects.toThrow('lease lost');
  await expect(workspace.commitAll('late')).rejects.toThrow('lease lost');
  await workspace.dispose();
  expect(await exists(workspace.directory)).toBe(false);
});
