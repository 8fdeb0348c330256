import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SecurityViolation, type Workspace } from '../index.ts';
import { createFixture, type Fixture } from '../workspace.fixture.ts';

// Put together here, so that no file of this repository holds them.
const AWS = ['AKIA', 'QWERTZUIOPASDFGH'].join('');
const KEY = ['-----BEGIN RSA PRIVATE', ' KEY-----\n', 'MIIEowIBAAKCAQEAx1y2z3', '\n'].join('');
const OWN = 'correct-horse-battery-7';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture({ ...process.env, DEPLOY_TOKEN: OWN });
});
afterEach(() => fixture.end());

const open = async (
  files: Readonly<Record<string, string>> = { 'a.txt': 'one\n' },
  secretFiles: readonly string[] = [],
): Promise<Workspace> => {
  await fixture.repository(files);
  const security = { forbidden: [{ id: 'a.b', pattern: '^rm -rf /', why: 'removes all' }], secretFiles };
  return fixture.open({ settings: { setup: 'auto', copy: [], commandTimeoutMs: 30_000, allowEnv: [], security } });
};
const put = async ({ directory }: Workspace, path: string, content: string) => {
  await mkdir(join(directory, path, '..'), { recursive: true });
  await writeFile(join(directory, path), content);
};
const violation = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof SecurityViolation ? error.message : `no violation: ${String(error)}`;
};
const refs = () => fixture.sh('git for-each-ref; git log --all --format=%H');

describe('a secret in the work', () => {
  test.each([
    ['a key of AWS', `const id = '${AWS}';\n`],
    ['a private key', KEY],
    ['a private key', `const key = "${KEY.replaceAll('\n', '\\n')}";\n`],
    ['a secret of the environment of this worker', `token: ${OWN}\n`],
  ])('is never committed, and named by its file and its kind alone: %s', async (kind, content) => {
    const workspace = await open();
    const before = await refs();
    await put(workspace, 'src/config.ts', content);
    const message = await violation(workspace.commitAll('step'));
    expect(message).toContain(`security violation: src/config.ts would hold ${kind}; nothing was committed`);
    for (const secret of [AWS, 'MIIE', OWN]) expect(message).not.toContain(secret);
    expect(await refs()).toBe(before);
    expect(await violation(workspace.assertSafe(await workspace.treeHash()))).toBe(message);
  });

  test('is found in a file that git takes for data', async () => {
    const workspace = await open({ '.gitattributes': '*.pem binary\n' });
    await put(workspace, 'server.pem', KEY);
    expect(await violation(workspace.commitAll('step'))).toContain('server.pem would hold a private key');
  });

  test('is found in a file that was there, and is no news where it was before, is moved or copied', async () => {
    const workspace = await open({ 'test.pem': KEY, 'a.txt': 'one\n' });
    await put(workspace, 'test.pem', `# for tests only\n${KEY}`);
    await fixture.sh('cp test.pem copy.pem && git mv test.pem moved.pem', workspace.directory);
    expect(await workspace.commitAll('step')).not.toBeNull();
    await put(workspace, 'copy.pem', KEY.replace('x1y2z3', 'a9b8c7'));
    expect(await violation(workspace.commitAll('step'))).toContain('copy.pem would hold a private key');
  });

  test('is meant to be there where the configuration says so', async () => {
    const workspace = await open({ 'a.txt': 'one\n' }, ['**/fixtures/*.pem']);
    await put(workspace, 'test/fixtures/a.pem', KEY);
    expect(await workspace.commitAll('step')).not.toBeNull();
  });

  test('is no word that only looks like one', async () => {
    const workspace = await open();
    const words = ['AKIAIOSFODNN7EXAMPLE', '-----BEGIN PRIVATE KEY-----', 'sk-test', 'postgres://u:postgres@db/x'];
    await put(workspace, 'docs.md', words.join('\n'));
    expect(await workspace.commitAll('step')).not.toBeNull();
  });
});

describe('a link', () => {
  test.each(['/etc/passwd', '../../outside.txt'])('out of the workspace is never committed: %s', async (target) => {
    const workspace = await open();
    await symlink(target, join(workspace.directory, 'link'));
    expect(await violation(workspace.commitAll('step'))).toBe(
      `security violation: link is a link out of the workspace, to ${target}; nothing was committed`,
    );
  });

  test('that leads out of the workspace by way of another is never committed', async () => {
    const workspace = await open();
    await symlink('..', join(workspace.directory, 'up'));
    await mkdir(join(workspace.directory, 'folder'));
    await symlink('../up/x', join(workspace.directory, 'folder/through'));
    expect(await violation(workspace.commitAll('step'))).toContain('is a link out of the workspace');
  });

  test('inside the workspace, to nothing yet or to nowhere is committed', async () => {
    const workspace = await open();
    await mkdir(join(workspace.directory, 'folder'));
    for (const [name, target] of [
      ['folder/up', '../a.txt'],
      ['later', 'not-yet.txt'],
      ['masked', '/dev/null'],
      ['self', join(workspace.directory, 'a.txt')],
    ] as const)
      await symlink(target, join(workspace.directory, name));
    expect(await workspace.commitAll('step')).not.toBeNull();
  });
});

describe('what git runs for the person', () => {
  test.each([
    ['config, core.hookspath', 'git config core.hooksPath /tmp/hooks'],
    ['config, alias.st', "git config alias.st '!sh -c true'"],
    ['config, include.path', 'git config include.path /tmp/more'],
    ['hooks/pre-commit', `printf '#!/bin/sh\\n' > "$(git rev-parse --git-path hooks/pre-commit)"`],
  ])('is not changed by work: %s', async (change, command) => {
    const workspace = await open();
    const assertUnchanged = await workspace.watchRepository();
    await workspace.run(`mkdir -p "$(git rev-parse --git-common-dir)/hooks"; ${command}`);
    expect(await violation(assertUnchanged())).toContain(
      `security violation: ${join(fixture.root, '.git', change)} was changed while the work ran`,
    );
  });

  test('is not what an editor or a push notes about a branch, nor what was there', async () => {
    const workspace = await open();
    await fixture.sh('git config core.hooksPath .hooks');
    const assertUnchanged = await workspace.watchRepository();
    await fixture.sh('git config branch.main.remote origin; git remote add origin https://example.com/x.git');
    await fixture.sh('git config core.hooksPath .hooks; touch .git/hooks/post-commit.sample');
    await assertUnchanged();
  });
});

test('a forbidden command is not run, nor what stands before it on its line', async () => {
  const workspace = await open();
  await expect(workspace.run('touch ran; rm -rf /nowhere')).rejects.toMatchObject({ code: 'command.forbidden' });
  expect(await readFile(join(workspace.directory, 'ran'), 'utf8').catch(() => null)).toBeNull();
});
