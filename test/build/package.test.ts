import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { stopHost } from '#host/client';
import { ensureBuilt } from '../support/fleet.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
let outside: string;
let installed: string;
let files: readonly string[];

const Packed = z.array(z.looseObject({ filename: z.string(), files: z.array(z.looseObject({ path: z.string() })) }));

beforeAll(async () => {
  await ensureBuilt();
  outside = mkdtempSync(join(tmpdir(), 'studio-package-'));
  const said = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', outside], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, npm_config_cache: join(outside, 'cache') },
  });
  const [packed] = Packed.parse(JSON.parse(said));
  files = packed?.files.map(({ path }) => path) ?? [];
  execFileSync('tar', ['-xzf', join(outside, packed?.filename ?? ''), '-C', outside]);
  installed = join(outside, 'package');
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

test('the package has the program, both shell scripts, the plugin, recipes and data, and no sources', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'bin/studio',
      'bin/script.cjs',
      'dist/cli.js',
      'dist/host.js',
      'dist/client.js',
      'dist/orchestrator.cjs',
      'dist/context-manager.cjs',
      'dist/browser-check.cjs',
      'scripts/orchestrator.sh',
      'scripts/context-manager.sh',
      'plugin/.claude-plugin/plugin.json',
      'plugin/commands/build.md',
      'plugin/commands/orchestrate.md',
      'plugin/commands/project/run.md',
      'plugin/skills/orchestration/SKILL.md',
      'recipes/health-endpoint.yaml',
      'data/defaults.yaml',
      'dist/data/defaults.json',
    ]),
  );
  expect(files.filter((path) => /^(libs|services|cli|test|bench|scripts\/build)/.test(path))).toEqual([]);
});

test('a package reads numbers from the environment, as the sources do', () => {
  const said = execFileSync(process.execPath, [join(installed, 'bin', 'studio'), 'config'], {
    cwd: outside,
    env: { PATH: process.env.PATH, HOME: outside, STUDIO_ROUTING_CONFIRM_THRESHOLD: '0.25' },
    encoding: 'utf8',
  });
  expect(said).toMatch(/confirm_threshold +0\.25 /);
});

test('the scripts of a package work where nothing is started, and nothing else is installed', async () => {
  const folder = join(outside, 'project');
  mkdirSync(folder);
  const run = (script: string, ...args: readonly string[]) =>
    spawnSync(join(installed, 'scripts', script), args, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      encoding: 'utf8',
    });
  try {
    expect(run('context-manager.sh', 'budget').stdout).toContain('CONTEXT BUDGET STATUS');
    expect(run('orchestrator.sh', 'init', 'Add a page')).toMatchObject({ status: 0, stderr: '' });
    expect(run('orchestrator.sh', 'status').stdout).toContain('Add a page');
  } finally {
    await stopHost({ studioDir: join(folder, '.studio') });
  }
});
