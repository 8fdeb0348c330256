import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopHost } from '#host/client';
import { startAt } from '../../scripts/sessions/terminal.ts';
import { commitAll } from '../contract/engine-fixtures.ts';
import { fileOnBranch } from '../support/branch.ts';
import { installFakeAgent } from '../support/fake-agent/install.ts';
import { ensureBuilt } from '../support/fleet.ts';

const BIN = fileURLToPath(new URL('../../bin', import.meta.url));
const GOAL = 'Sort the file words.txt';

let folder: string;
let repository: string;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  await ensureBuilt();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'studio-agents-')));
  repository = join(folder, 'repository');
  await mkdir(repository);
  await writeFile(join(repository, 'words.txt'), 'pear\napple\n');
  await commitAll(repository);
  await installFakeAgent(join(folder, 'bin'), 'claude');
  await installFakeAgent(join(folder, 'bin'), 'codex');
  // No agent that this machine happens to have.
  const system = ['/usr/local/bin', '/usr/bin', '/bin', dirname(process.execPath)];
  env = {
    PATH: [join(folder, 'bin'), BIN, ...system].join(delimiter),
    HOME: folder,
    LANG: 'C.UTF-8',
    STUDIO_SANDBOX_MODE: 'off',
    ANTHROPIC_API_KEY: 'sk-local',
  };
});
afterAll(async () => {
  await stopHost({ studioDir: join(repository, '.studio') });
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const studio = (...args: readonly string[]) =>
  execa('studio', args, { cwd: repository, env, extendEnv: false, reject: false });
const configuration = (): Promise<string> =>
  readFile(join(repository, '.studio', 'config.yaml'), 'utf8').catch(() => '');

test('unattended, an agent on the PATH is used by nobody, and the blocker says how to allow it', async () => {
  const { exitCode, stdout } = await studio('build', GOAL, '--yes');
  expect(exitCode).toBe(3);
  expect(stdout).toContain('studio engines --allow claude');
  expect(stdout).toContain('engines.allow: [claude] in .studio/config.yaml');
  expect(await configuration()).toBe('');
  const listed = await studio('engines');
  expect(listed.stdout).toMatch(/claude +found .*the account of ANTHROPIC_API_KEY, logged in/);
  expect(listed.stdout).toMatch(/codex +found .*the account that is logged in to codex, not logged in/);
});

test('at a terminal a build asks which agent may be used, remembers it, and does the goal with it', async () => {
  const build = startAt(`studio build "${GOAL}"`, { cwd: repository, env });
  await build.sees(/Which one may Studio use for goals\?(?:.|\n)*Claude Code \(the account of ANTHROPIC_API_KEY\)/);
  build.press('\r');
  expect(await build.ends()).toBe(0);
  expect(await configuration()).toContain('allow: [ claude ]');
  const again = await studio('build', GOAL, '--json');
  const state = JSON.parse(again.stdout);
  expect(again.exitCode).toBe(0);
  expect(state).toMatchObject({ outcome: { kind: 'completed' } });
  expect(await fileOnBranch(repository, state.id, 'words.txt')).toBe('apple\npear');
});

test('a second build at a terminal does not ask again, Ctrl-C at the question submits nothing, and a decision can be changed', async () => {
  const build = startAt(`studio build "${GOAL}"`, { cwd: repository, env });
  expect(await build.ends()).toBe(0);
  expect(build.news()).not.toContain('May Studio use');
  expect((await studio('engines', '--deny', 'claude')).stdout).toMatch(/claude +denied/);
  const leaves = startAt(`studio build "${GOAL}" --engine codex`, { cwd: repository, env });
  await leaves.sees(/Codex CLI is on the PATH/);
  leaves.press('\u0003');
  expect(await leaves.ends()).toBe(130);
  expect(leaves.news()).toContain('Nothing was submitted.');
  const asks = startAt(`studio build "${GOAL}" --engine codex`, { cwd: repository, env });
  await asks.sees(/Codex CLI is on the PATH\. May Studio use it for goals\?(?:.|\n)*nobody is logged in/);
  asks.press('\u001b[B\r');
  expect(await asks.ends()).toBe(2);
  expect(asks.news()).toMatch(/no worker has codex(?:.|\n)*allow it: studio engines --allow codex/);
  expect(await configuration()).toMatch(/deny: \[ claude, codex \]/);
});
