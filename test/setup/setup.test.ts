import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeExampleWorkspace } from '../../scripts/example-workspace.mjs';
import { nodeProblem, setUp } from '../../scripts/setup.mjs';
import { goalArguments } from '../../scripts/start.mjs';

let root: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'studio-setup-'));
  path = join(root, 'path');
  mkdirSync(path);
  writeFileSync(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A program that only writes down how it was called. */
const fake = (name: string, exitCode = 0, script = '') => {
  const file = join(path, name);
  writeFileSync(
    file,
    `#!/bin/sh\necho "${name} $* [$DEBIAN_FRONTEND]" >> "${join(root, 'calls')}"\n${script}\nexit ${exitCode}\n`,
  );
  chmodSync(file, 0o755);
};

const installed = () => {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{}');
};

const calls = () => {
  const file = join(root, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

const run = (options: { uid?: number; check?: boolean; env?: Record<string, string>; version?: string } = {}) => {
  const said: string[] = [];
  const code = setUp({
    root,
    uid: 0,
    policyFile: join(root, 'policy-rc.d'),
    ...options,
    env: { PATH: path, ...options.env },
    say: (line: string) => said.push(line),
  });
  return { code, said, calls: calls() };
};

test('on a bare machine root gets Redis, git and the packages, without a question', () => {
  fake('apt-get');
  fake('npm');
  const { code, said, calls } = run();
  expect(code).toBe(0);
  expect(calls).toEqual([
    'apt-get update [noninteractive]',
    'apt-get install -y --no-install-recommends redis-server git [noninteractive]',
    'npm ci --include=dev --ignore-scripts --no-audit --no-fund []',
  ]);
  expect(said[0]).toMatch(/^installing redis and git: apt-get update && apt-get install/);
});

test('the system’s Redis is not started by its installation, and the file that prevents it is taken away', () => {
  fake('git');
  fake('apt-get', 0, `[ -x "${join(root, 'policy-rc.d')}" ] && echo forbidden >> "${join(root, 'calls')}"`);
  installed();
  expect(run().calls.filter((line) => line === 'forbidden')).toHaveLength(2);
  expect(existsSync(join(root, 'policy-rc.d'))).toBe(false);
});

test('a machine that has everything is left alone, in silence', () => {
  for (const name of ['valkey-server', 'git', 'npm', 'apt-get']) fake(name);
  installed();
  expect(run()).toEqual({ code: 0, said: [], calls: [] });
});

test('packages are installed again when a newer lock file names others', () => {
  for (const name of ['redis-server', 'git', 'npm']) fake(name);
  installed();
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(root, 'package-lock.json'), later, later);
  expect(run().calls).toEqual([]);
  writeFileSync(join(root, 'package-lock.json'), '{"packages": {"": {}, "node_modules/zod": {"version": "4.0.0"}}}');
  utimesSync(join(root, 'package-lock.json'), later, later);
  expect(run().calls).toEqual(['npm ci --include=dev --ignore-scripts --no-audit --no-fund []']);
});

test('who is not root gets the one command that would do it', () => {
  fake('apt-get');
  fake('git');
  const { code, said, calls } = run({ uid: 1000 });
  expect({ code, calls }).toEqual({ code: 4, calls: [] });
  expect(said.at(-1)).toBe('sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server');
});

test('brew installs without root', () => {
  fake('brew');
  fake('git');
  installed();
  expect(run({ uid: 1000 })).toMatchObject({
    code: 0,
    calls: ['brew install redis [noninteractive]'],
  });
});

test('with REDIS_URL no Redis is installed', () => {
  fake('git');
  installed();
  expect(run({ env: { REDIS_URL: 'redis://127.0.0.1' } })).toEqual({ code: 0, said: [], calls: [] });
});

test('a package manager that fails ends the setup with its command', () => {
  fake('apt-get', 100);
  const { code, said } = run();
  expect(code).toBe(4);
  expect(said.at(-1)).toContain('apt-get install');
});

test('without a known package manager the missing programs are named', () => {
  expect(run()).toMatchObject({ code: 4, said: [expect.stringContaining('install redis and git')] });
});

test('a check says what is missing and changes nothing', () => {
  fake('apt-get');
  expect(run({ check: true })).toMatchObject({
    code: 4,
    calls: [],
    said: [expect.stringContaining('redis, git'), expect.stringContaining('npm ci')],
  });
});

test.each([
  ['18.20.4', false],
  ['20.18.1', false],
  ['20.19.0', true],
  ['22.0.0', true],
])('Node %s is new enough: %s', (version, isFit) => {
  expect(nodeProblem(version) === null).toBe(isFit);
  expect(run({ version, check: true }).said.some((line) => line.includes(`this is ${version}`))).toBe(!isFit);
});

const example = (): string => {
  const folder = join(root, 'examples', 'hello-service');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  return makeExampleWorkspace(root);
};

test('the example becomes a repository of its own with one commit, the same everywhere', () => {
  const workspace = example();
  const git = (...args: string[]) => execFileSync('git', ['-C', workspace, ...args], { encoding: 'utf8' }).trim();
  expect(git('log', '--format=%an <%ae> %s')).toBe('Studio <studio@localhost> Add the hello service');
  expect(git('status', '--porcelain')).toBe('');
  expect(git('ls-files')).toBe('package.json');
  const first = git('rev-parse', 'HEAD');
  rmSync(workspace, { recursive: true });
  example();
  expect(git('rev-parse', 'HEAD')).toBe(first);
});

test('an example that is there already is left as it is', () => {
  writeFileSync(join(example(), 'mine.txt'), '');
  expect(readdirSync(example())).toContain('mine.txt');
});

test('a goal of one’s own is passed on as it is; flags alone keep the example', () => {
  const workspace = () => '/example';
  expect(goalArguments([], workspace)).toEqual(['Add a health endpoint', '--workspace', '/example']);
  expect(goalArguments(['--json'], workspace)).toEqual(['Add a health endpoint', '--workspace', '/example', '--json']);
  expect(goalArguments(['Fix it', '--workspace', 'x'], workspace)).toEqual(['Fix it', '--workspace', 'x']);
  expect(goalArguments(['--workspace=x'], workspace)).toEqual(['Add a health endpoint', '--workspace=x']);
});
