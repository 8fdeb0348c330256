import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DiscoverRequest, discoverGates, type FoundGate, runGate, runOnBase } from './index.ts';

let home: string;
let directory: string;
let tools: string;

const file = async (path: string, content: string) => {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
};
const scripts = (all: Record<string, string>) => file('package.json', JSON.stringify({ scripts: all }));
const tool = async (name: string) => {
  await writeFile(join(tools, name), '#!/bin/sh\n');
  await chmod(join(tools, name), 0o755);
};
const discover = (request: Partial<DiscoverRequest> = {}) =>
  discoverGates({ directory, planned: {}, settings: {}, path: tools, ...request });
const commands = async (request: Partial<DiscoverRequest> = {}) =>
  (await discover(request)).map(({ command }) => command);

const run = async (command: string) => {
  const result = await execa('sh', ['-c', command], { cwd: directory, reject: false, all: true });
  return { exitCode: result.exitCode ?? null, signal: null, timedOut: false, output: result.all, durationMs: 1 };
};
const context = () => ({ directory, signal: new AbortController().signal, run });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'studio-gates-'));
  directory = join(home, 'project');
  tools = join(home, 'tools');
  await mkdir(directory);
  await mkdir(tools);
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('discovery', () => {
  test('an empty folder has no gates, and none of them counts as passed', async () => {
    expect(await discover()).toEqual(
      ['lint', 'typecheck', 'test', 'security'].map((gate) => ({
        gate,
        command: null,
        source: 'none found',
        base: 'not_available',
      })),
    );
  });

  test('scripts of package.json are gates, but not the placeholder of npm init', async () => {
    await scripts({ lint: 'x', 'type-check': 'x', test: 'echo "Error: no test specified" && exit 1' });
    expect(await discover()).toMatchObject([
      { gate: 'lint', command: 'npm run lint', source: 'package.json scripts.lint', base: null },
      { gate: 'typecheck', command: 'npm run type-check', source: 'package.json scripts.type-check' },
      { gate: 'test', command: null, base: 'not_available' },
      { gate: 'security', command: null, base: 'not_available' },
    ]);
    await scripts({ test: 'node --test' });
    expect(await commands()).toEqual([null, null, 'npm test', null]);
  });

  test.each([
    ['pnpm-lock.yaml', 'pnpm run test'],
    ['yarn.lock', 'yarn run test'],
    ['bun.lock', 'bun run test'],
    ['package-lock.json', 'npm test'],
    ['poetry.lock', 'npm test'],
  ])('with %s tests run as %s', async (lock, command) => {
    await scripts({ test: 'x' });
    await file(lock, '');
    expect((await commands())[2]).toBe(command);
  });

  test('the plan decides before the configuration, and that before what is found', async () => {
    await scripts({ lint: 'x', typecheck: 'x', test: 'x' });
    const planned = { lint: 'plan-lint', typecheck: false, test: true } as const;
    const settings = { lint: 'own-lint', typecheck: 'own', test: 'own-test', security: false } as const;
    expect(await discover({ planned, settings })).toEqual([
      { gate: 'lint', command: 'plan-lint', source: 'plan', base: null },
      { gate: 'typecheck', command: null, source: 'plan', base: 'off' },
      { gate: 'test', command: 'own-test', source: 'configuration', base: null },
      { gate: 'security', command: null, source: 'configuration', base: 'off' },
    ]);
    expect((await commands({ settings: { test: 'auto' } }))[2]).toBe('npm test');
  });

  test('targets of a Makefile are gates, assignments are not', async () => {
    await file('Makefile', 'lint := no\ntest: build\n\tgo\nsecurity:\n\tscan\n.PHONY: typecheck\n');
    expect(await commands()).toEqual([null, null, 'make test', 'make security']);
    await scripts({ test: 'x' });
    expect((await commands())[2]).toBe('npm test');
  });

  test('tools of pyproject.toml are gates when they are configured and installed', async () => {
    await file('pyproject.toml', '[tool.ruff.lint]\n[tool.mypy]\n[tool.pytest.ini_options]\n# [tool.x]\n');
    expect(await commands()).toEqual([null, null, null, null]);
    await tool('ruff');
    await tool('pytest');
    expect(await commands()).toEqual(['ruff check .', null, 'pytest -q', null]);
    await file('pyproject.toml', '[project]\nname = "tool.ruff"\n');
    expect(await commands()).toEqual([null, null, null, null]);
  });

  test('tests of a Python project that nothing configures are run with what they are written for', async () => {
    await file('pyproject.toml', '[project]\nname = "shop"\n');
    await mkdir(join(directory, 'tests'));
    await file('tests/test_shop.py', 'import unittest\n');
    expect((await commands())[2]).toBeNull();
    await tool('python3');
    expect((await commands())[2]).toBe("python3 -m unittest discover -s tests -p '*test*.py'");
    await file('tests/test_shop.py', 'def test_shop():\n    pass\n');
    expect((await commands())[2]).toBeNull();
    await tool('pytest');
    expect((await commands())[2]).toBe('python3 -m pytest -q');
  });

  test('go and cargo projects have the gates of their language where it is installed', async () => {
    await file('go.mod', 'module x\n');
    expect(await commands()).toEqual([null, null, null, null]);
    await tool('go');
    expect(await commands()).toEqual(['go vet ./...', 'go build ./...', 'go test ./...', null]);
    await rm(join(directory, 'go.mod'));
    await file('Cargo.toml', '[package]\n');
    await tool('cargo');
    expect(await commands()).toEqual([null, 'cargo check', 'cargo test', null]);
    await tool('cargo-clippy');
    expect((await commands())[0]).toBe('cargo clippy');
  });
});

describe('verdicts', () => {
  test.each([
    ['true', 'green'],
    ['false', 'red'],
    ['no-such-program-here', 'not_available'],
    ['echo "/usr/bin/python3: No module named mypy"; exit 1', 'not_available'],
    ['echo "ModuleNotFoundError: No module named \'app\'"; exit 1', 'red'],
    ['printf "all:\\n\\tno-such-program-here\\n" > Makefile; make all', 'not_available'],
  ])('%s is %s', async (command, verdict) => {
    expect((await runGate(command, context())).verdict).toBe(verdict);
  });

  test('a script of package.json whose tool is not installed is not available', async () => {
    await scripts({ lint: 'no-such-linter .' });
    expect((await runGate('npm run lint', context())).verdict).toBe('not_available');
  });

  const gate = (name: FoundGate['gate'], command: string | null, base: FoundGate['base'] = null): FoundGate => ({
    gate: name,
    command,
    source: 'plan',
    base,
  });

  const onBase = (gates: readonly FoundGate[], changes: { treeHash?: string; now?: number; folder?: string } = {}) =>
    runOnBase({
      ...context(),
      gates,
      treeHash: async () => changes.treeHash ?? 'tree',
      folder: changes.folder ?? '',
      cacheDir: join(home, 'cache'),
      now: () => changes.now ?? 0,
    });

  test('each gate runs once on the base, and is remembered for the same files, folder and command', async () => {
    const gates = [gate('lint', 'echo x >> ran'), gate('test', null, 'off'), gate('security', null, 'not_available')];
    const first = await onBase(gates);
    expect(first.gates.map(({ base }) => base)).toEqual(['green', 'off', 'not_available']);
    expect(first.ran).toBe(1);
    expect((await onBase(gates)).ran).toBe(0);
    expect((await onBase(gates, { treeHash: 'other' })).ran).toBe(1);
    expect((await onBase(gates, { folder: 'packages/x' })).ran).toBe(1);
    await file('package-lock.json', '{}');
    expect((await onBase(gates)).ran).toBe(1);
  });

  test('red is remembered for a while only, and a missing tool not at all', async () => {
    const gates = [gate('lint', 'no-such-program-here'), gate('test', 'false')];
    const first = await onBase(gates);
    expect(first.gates.map(({ base }) => base)).toEqual(['not_available', 'red']);
    expect((await onBase(gates, { now: 60_000 })).ran).toBe(1);
    expect((await onBase(gates, { now: 3_600_000 })).ran).toBe(2);
  });

  test('a memory that cannot be read is no memory', async () => {
    const gates = [gate('test', 'true')];
    await onBase(gates);
    await execa('sh', ['-c', 'for f in *; do echo "{" > "$f"; done'], { cwd: join(home, 'cache/verdicts') });
    expect(await onBase(gates)).toMatchObject({ ran: 1, gates: [{ base: 'green' }] });
  });
});
