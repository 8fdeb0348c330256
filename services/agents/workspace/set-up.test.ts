import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Workspace } from './index.ts';
import { createFixture, exists, type Fixture } from './workspace.fixture.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture(process.env);
});
afterEach(() => fixture.end());

const settings = (changes: { setup?: 'auto' | false | string; copy?: readonly string[] } = {}) => ({
  setup: 'auto' as const,
  copy: [],
  commandTimeoutMs: 60_000,
  allowEnv: [],
  security: { forbidden: [], secretFiles: [] },
  ...changes,
});

/** A project that depends on a package in a file of its own, so that a real npm installs it without a network. */
const project = async (gitignore = 'node_modules/\n') => {
  await mkdir(join(fixture.root, 'package'));
  const manifest = JSON.stringify({ name: 'dep', version: '1.0.0' });
  await writeFile(join(fixture.root, 'package/package.json'), manifest);
  await fixture.sh('tar czf dep-1.0.0.tgz package && rm -r package');
  await fixture.repository({
    '.gitignore': gitignore,
    'package.json': JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { dep: 'file:dep-1.0.0.tgz' } }),
  });
  await fixture.sh(
    'npm install --package-lock-only --no-audit --no-fund --offline && git add -A && git commit -q -m x',
  );
};

const installed = (workspace: Workspace) => join(workspace.directory, 'node_modules/dep/package.json');

test('dependencies are installed once for a lock file, then copied and never shared', async () => {
  await project();
  const first = await fixture.open({ lease: 3 });
  expect(await first.setUp()).toMatchObject({ how: 'installed', source: 'npm ci, from package-lock.json' });
  const second = await fixture.open({ lease: 2 });
  expect(await second.setUp()).toMatchObject({ how: 'cached' });
  const [one, two] = await Promise.all([stat(installed(first)), stat(installed(second))]);
  expect(one.ino).not.toBe(two.ino);
  expect([one.nlink, two.nlink]).toEqual([1, 1]);
  expect(await second.commitAll('nothing changed')).toBeNull();
});

test('what was installed from the work of a run is not for the next one', async () => {
  await project();
  const work = await fixture.open({ lease: 2 });
  await work.run('echo x > x');
  const from = await work.commitAll('step');
  const later = await fixture.open({ lease: 3, base: work.base, from });
  expect(await later.setUp()).toMatchObject({ how: 'installed' });
  const again = await fixture.open({ lease: 4, base: work.base, from });
  expect(await again.setUp()).toMatchObject({ how: 'cached' });
  expect(await (await fixture.open({ lease: 5 })).setUp()).toMatchObject({ how: 'installed' });
});

test('node_modules of the person are taken when they are what the lock file says, and only then', async () => {
  await project();
  await fixture.sh('npm ci --no-audit --no-fund --offline');
  const same = await fixture.open({ lease: 2 });
  expect(await same.setUp()).toMatchObject({ how: 'copied' });
  expect(await exists(installed(same))).toBe(true);
  const note = 'node_modules/.package-lock.json';
  await fixture.sh(`sed 's/"version": "1.0.0"/"version": "0.9.0"/' ${note} > note && mv note ${note}`);
  expect(await (await fixture.open({ lease: 3 })).setUp()).toMatchObject({ how: 'installed' });
});

test('what set-up brings is not committed and not cleaned away, even where no .gitignore names it', async () => {
  await project('other/\n');
  const workspace = await fixture.open();
  await workspace.setUp();
  await workspace.run('echo x > x');
  await workspace.commitAll('step');
  expect((await workspace.changes()).map(({ path }) => path)).toEqual(['x']);
  await workspace.resetTo(workspace.base);
  expect(await exists(installed(workspace))).toBe(true);
});

test('a command of the configuration goes before lock files, and its failure is told with its output', async () => {
  await project();
  const good = await fixture.open({ lease: 2, settings: settings({ setup: 'echo made > made' }) });
  expect(await good.setUp()).toMatchObject({ how: 'installed', source: 'workspace.setup' });
  expect(await exists(installed(good))).toBe(false);
  const bad = await fixture.open({ lease: 3, settings: settings({ setup: 'echo no registry; exit 1' }) });
  expect(await bad.setUp()).toMatchObject({ how: 'failed', output: 'no registry\n' });
  const none = await fixture.open({ lease: 4, settings: settings({ setup: false }) });
  expect(await none.setUp()).toMatchObject({ how: 'nothing' });
});

test('a project without dependencies needs nothing', async () => {
  await fixture.repository({
    'package.json': '{"name":"x"}',
    'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
  });
  const workspace = await fixture.open();
  expect(await workspace.setUp()).toMatchObject({ how: 'nothing' });
});

test('without a lock file the packages are installed all the same, and none is written', async () => {
  await project();
  await fixture.sh('git rm -q package-lock.json && git commit -q -m x');
  const workspace = await fixture.open();
  expect(await workspace.setUp()).toMatchObject({ how: 'installed', source: 'npm install, from package.json' });
  expect(await exists(installed(workspace))).toBe(true);
  expect(await workspace.commitAll('nothing changed')).toBeNull();
  expect(await (await fixture.open({ lease: 9 })).setUp()).toMatchObject({ how: 'cached' });
});

test('a folder of a monorepo is set up where the lock file lies', async () => {
  await project();
  await mkdir(join(fixture.root, 'packages/one'), { recursive: true });
  await writeFile(join(fixture.root, 'packages/one/package.json'), '{"dependencies":{"dep":"*"}}');
  await fixture.sh('git add -A && git commit -q -m x');
  const workspace = await fixture.open({ root: join(fixture.root, 'packages/one') });
  expect(await workspace.setUp()).toMatchObject({ how: 'installed', source: 'npm ci, from package-lock.json' });
  expect((await workspace.run('node -p "require(\'dep/package.json\').version"')).output).toBe('1.0.0\n');
});

test('a tool that is not installed is named', async () => {
  await fixture.repository({ 'package.json': '{"dependencies":{"x":"1"}}', 'pnpm-lock.yaml': '' });
  const workspace = await fixture.open({ environment: { PATH: '/usr/bin:/bin' } });
  const result = await workspace.setUp();
  expect(result.how).toBe('not_available');
  expect(result.output).toContain('pnpm is not on the PATH');
});

test('ignored files that the configuration names are taken along, others are not', async () => {
  await fixture.repository({ '.gitignore': '.env*\nlocal/\n' });
  await mkdir(join(fixture.root, 'local/deep'), { recursive: true });
  for (const path of ['.env.test', '.env', 'local/deep/a.json', 'local/b.txt']) {
    await writeFile(join(fixture.root, path), path);
  }
  const workspace = await fixture.open({ settings: settings({ copy: ['.env.test', 'local/**/*.json'] }) });
  expect((await workspace.setUp()).copied).toEqual(['.env.test', 'local/deep/a.json']);
  expect((await readdir(workspace.directory)).sort()).toEqual(['.env.test', '.git', '.gitignore', 'local']);
  expect(await workspace.commitAll('step')).toBeNull();
});

test('an installation that was cut off is not taken for a whole one', async () => {
  await project();
  const lease = new AbortController();
  const cut = await fixture.open({ lease: 2, signal: lease.signal });
  const settingUp = cut.setUp();
  lease.abort(new Error('lease lost'));
  await expect(settingUp).rejects.toThrow('lease lost');
  await cut.dispose();
  const next = await fixture.open({ lease: 3 });
  expect(await next.setUp()).toMatchObject({ how: 'installed' });
  const third = await fixture.open({ lease: 4 });
  expect(await third.setUp()).toMatchObject({ how: 'cached' });
  expect(await exists(installed(third))).toBe(true);
});
