import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listWorktrees, removeWorktree } from './index.ts';
import { createFixture, exists, type Fixture, ORCHESTRATION } from './workspace.fixture.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture(process.env);
});
afterEach(() => fixture.end());

test('changes become one commit by Studio, without hooks, and no change is no commit', async () => {
  await fixture.repository({ 'a.txt': 'one\n', 'b.txt': 'two\n', '.gitignore': '*.log\n' });
  await writeFile(join(fixture.root, '.git/hooks/pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const workspace = await fixture.open();
  expect(await workspace.commitAll('nothing')).toBeNull();
  const names = ['with space', 'ü', '-dash', 'line\nbreak', ':colon', 'tab\there'];
  for (const name of names) await writeFile(join(workspace.directory, name), `${name}\n`);
  await writeFile(join(workspace.directory, 'x.log'), 'ignored');
  await fixture.sh('mv a.txt moved.txt; rm b.txt', workspace.directory);
  const commit = await workspace.commitAll('step_1: it\n\nwith a body');
  expect(await fixture.sh(`git log -1 --format='%an <%ae>%n%B' ${commit}`)).toBe(
    'Studio <studio@localhost>\nstep_1: it\n\nwith a body\n',
  );
  const changes = await workspace.changes();
  expect(changes.filter(({ status }) => status === 'added').map(({ path }) => path)).toEqual([...names].sort());
  expect(changes).toContainEqual({ path: 'moved.txt', status: 'renamed', added: 0, removed: 0 });
  expect(changes).toContainEqual({ path: 'b.txt', status: 'deleted', added: 0, removed: 1 });
  expect(await workspace.commitAll('again')).toBeNull();
});

test('what an agent does to git in its worktree changes neither the branches of the person nor our history', async () => {
  const base = await fixture.repository();
  const workspace = await fixture.open();
  await workspace.run(
    'git checkout -q -b mine && echo x > x && git add -A && git -c user.name=a -c user.email=b commit -q -m own',
  );
  await workspace.run('git checkout -q --ignore-other-worktrees main; rm .git; git init -q; echo y > y');
  const commit = await workspace.commitAll('step');
  expect(await fixture.sh('git rev-parse main')).toBe(base);
  expect(await fixture.sh(`git rev-parse ${commit}^`)).toBe(base);
  expect(await workspace.has(String(commit))).toBe(true);
  expect((await workspace.changes()).map(({ path }) => path)).toEqual(['y']);
});

test('a repository inside the worktree is refused, with its name', async () => {
  await fixture.repository();
  const workspace = await fixture.open();
  await workspace.run('mkdir sub && cd sub && git init -q && echo x > x');
  await expect(workspace.commitAll('step')).rejects.toMatchObject({
    code: 'workspace.nested_repository',
    details: { folder: 'sub' },
  });
  await workspace.run('cd sub && git add -A && git -c user.name=a -c user.email=b commit -q -m own');
  await expect(workspace.commitAll('step')).rejects.toMatchObject({ code: 'workspace.nested_repository' });
  await workspace.run('rm -rf sub/.git');
  await workspace.commitAll('step');
  expect((await workspace.changes()).map(({ path }) => path)).toEqual(['sub/x']);
});

test('a submodule is taken at its commit, and nothing that its own settings name runs', async () => {
  const filled = (text: string) =>
    `mkdir -p sub && cd sub && git init -q && git config user.name a && git config user.email a@b && echo ${text} > x && git add -A && git commit -q -m sub`;
  const armed = `git config filter.e.clean 'touch ../evil; cat' && git config core.fsmonitor 'touch ../evil' && echo '* filter=e' > .git/info/attributes`;
  await fixture.repository();
  await fixture.sh(`(${filled('12345')}) && git add sub && git commit -q -m submodule && rm -rf sub`);
  const workspace = await fixture.open();
  const evil = join(workspace.directory, 'evil');
  await workspace.run(`(${filled('67890')} && ${armed} && echo 54321 > x); echo y > y`);
  await workspace.treeHash();
  await workspace.commitAll('step');
  expect((await workspace.changes()).map(({ path }) => path)).toEqual(['sub', 'y']);
  expect(await exists(evil)).toBe(false);
  await fixture.sh('git -C sub status || true', workspace.directory);
  expect(await exists(evil)).toBe(true);
});

test('a tree taken before the checks is what is committed, and what they left is gone', async () => {
  await fixture.repository({ 'a.txt': 'one\n', '.gitignore': 'cache/\n' });
  const workspace = await fixture.open();
  await workspace.run('echo work > work; mkdir cache; echo c > cache/c');
  const tree = await workspace.treeHash();
  await workspace.run('echo report > report; echo broken > a.txt');
  await workspace.commitAll('step', { tree });
  expect((await workspace.changes()).map(({ path }) => path)).toEqual(['work']);
  expect((await workspace.run('cat a.txt; ls')).output).toBe('one\na.txt\ncache\nwork\n');
  expect(await workspace.treeHash()).toBe(tree);
});

test('a reset brings back the files of a commit and keeps what git ignores', async () => {
  const base = await fixture.repository({ 'a.txt': 'one\n', '.gitignore': 'cache/\n' });
  const workspace = await fixture.open();
  await workspace.run('echo new > new; echo x > a.txt; mkdir cache; echo c > cache/c');
  await workspace.commitAll('step');
  await workspace.resetTo(base);
  expect((await workspace.run('cat a.txt; ls')).output).toBe('one\na.txt\ncache\n');
  expect(await workspace.changes()).toEqual([]);
});

test('dependencies are not committed where no .gitignore names them, unless the repository has them in git', async () => {
  await fixture.repository();
  const workspace = await fixture.open();
  await workspace.run(
    'mkdir -p node_modules/x app/node_modules .venv lib; touch node_modules/x/y app/node_modules/z .venv/v; ln -s ../node_modules lib/node_modules',
  );
  expect(await workspace.commitAll('step')).toBeNull();
  await workspace.resetTo(workspace.base);
  expect((await workspace.run('ls -A')).output).toContain('node_modules');
  await fixture.sh('mkdir node_modules && touch node_modules/x && git add -A && git commit -q -m vendored');
  const vendored = await fixture.open({ lease: 5 });
  await vendored.run('echo new > node_modules/x; touch node_modules/y');
  await vendored.commitAll('step');
  expect((await vendored.changes()).map(({ path }) => path)).toEqual(['node_modules/x', 'node_modules/y']);
});

test('a disposed worktree leaves no trace but pinned commits', async () => {
  await fixture.repository();
  const workspace = await fixture.open();
  await workspace.run('echo x > x');
  const commit = String(await workspace.commitAll('step'));
  await workspace.pin(commit, 1);
  await workspace.dispose();
  expect(await exists(workspace.directory)).toBe(false);
  expect(await fixture.sh('git worktree list --porcelain | grep -c ^worktree')).toBe('1');
  expect(await fixture.sh(`git rev-parse refs/studio/${ORCHESTRATION}/4-1`)).toBe(commit);
});

test('worktrees are listed by lease, and removed one by one, however broken they are', async () => {
  await fixture.repository();
  const live = await fixture.open({ lease: 3 });
  const dead = await fixture.open({ lease: 2 });
  await rm(join(dead.directory, '.git'));
  const found = await listWorktrees(fixture.cacheDir);
  expect(found.toSorted((a, b) => a.lease - b.lease)).toEqual([
    { orchestration: ORCHESTRATION, lease: 2, directory: dead.directory },
    { orchestration: ORCHESTRATION, lease: 3, directory: live.directory },
  ]);
  await removeWorktree(dead.directory);
  expect(await exists(dead.directory)).toBe(false);
  expect(await exists(live.directory)).toBe(true);
  expect(await fixture.sh('ls .git/worktrees | wc -l')).toBe('1');
});
