import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRedactor, killSurvivors, type Workspace } from './index.ts';
import { findMarked } from './processes.ts';
import { createFixture, eventually, type Fixture, ORCHESTRATION } from './workspace.fixture.ts';

let fixture: Fixture;
let workspace: Workspace;

beforeEach(async () => {
  fixture = await createFixture({ ...process.env, SECRET_TOKEN: 'do-not-show-me', ALLOWED: 'yes' });
  await fixture.repository();
  workspace = await fixture.open({
    settings: {
      setup: false,
      copy: [],
      commandTimeoutMs: 60_000,
      allowEnv: ['ALLOWED'],
      security: { forbidden: [], secretFiles: [] },
    },
    redact: createRedactor({ patterns: ['hunter\\d'], environment: { SECRET_TOKEN: 'do-not-show-me' } }),
  });
});
afterEach(() => fixture.end());

const alive = () => findMarked((mark) => mark.startsWith(ORCHESTRATION));
/** Waits for ever by itself, not for a process that comes and goes. */
const IGNORES_TERM = `trap '' TERM; mkfifo never; echo ready > ready; while :; do read -r word < never; done`;
/** Killed, it could not say that it was asked. */
const ENDS_WHEN_ASKED = `trap 'echo x > asked; exit' TERM; echo x > ready; sleep 300 & wait`;
/** More than a shell needs to begin, on whatever machine this is. */
const BEGUN_MS = 2_000;
/** Leaves its process group and its parent. */
const ESCAPES = 'setsid sh -c "echo \\$\\$ > escaped; exec sleep 300" >/dev/null 2>&1 &';
const started = (file: string) => () =>
  readFile(join(workspace.directory, file), 'utf8').then(
    (text) => text !== '',
    () => false,
  );

test('a command ends with its exit code, both streams in order, and its time', async () => {
  const outcome = await workspace.run('echo out; echo err >&2; echo end; exit 3', { stepKey: 'k' });
  expect(outcome).toMatchObject({ exitCode: 3, signal: null, timedOut: false, output: 'out\nerr\nend\n' });
  expect(outcome.durationMs).toBeGreaterThan(0);
});

test('a command that is killed says by which signal', async () => {
  expect(await workspace.run('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
});

test('the environment is clean but for what is allowed, and the step key is in it', async () => {
  const { output } = await workspace.run('env; cat', { stepKey: 'key-1', env: { MORE: 'm' } });
  for (const line of ['ALLOWED=yes', 'CI=1', 'TERM=dumb', 'STUDIO_STEP_KEY=key-1', 'MORE=m']) {
    expect(output.split('\n')).toContain(line);
  }
  expect(output).not.toContain('SECRET_TOKEN');
});

test('secrets are taken out of the output', async () => {
  const { output } = await workspace.run(
    'echo do-not-show-me hunter2 ghp_abcdefghijklmnopqrstuvwxyz0123456789 https://me:pass@host/ plain',
  );
  expect(output).toBe('[redacted] [redacted] [redacted] https://me:[redacted]@host/ plain\n');
});

test('100 MB of output stay small in memory, and start and end are kept', async () => {
  const before = process.memoryUsage().rss;
  const { output } = await workspace.run('echo first; yes 0123456789abcdef | head -c 100000000; echo; echo last');
  expect(output.length).toBeLessThan(70_000);
  expect(output.startsWith('first\n')).toBe(true);
  expect(output.endsWith('\nlast\n')).toBe(true);
  expect(output).toMatch(/\[… \d+ bytes left out …\]/);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test('a command that times out is gone with its whole tree, also what left its group', async () => {
  const outcome = await workspace.run(`${ESCAPES} (sleep 300 & sleep 300) & echo begun; wait; sleep 300`, {
    timeoutMs: BEGUN_MS,
  });
  expect(outcome).toMatchObject({ timedOut: true, output: 'begun\n' });
  expect(await alive()).toEqual([]);
});

test('what a command leaves in the background ends with it', async () => {
  const outcome = await workspace.run('sleep 300 & echo done');
  expect(outcome).toMatchObject({ exitCode: 0, timedOut: false, output: 'done\n' });
  await eventually(async () => (await alive()).length === 0);
});

test('a command that ignores SIGTERM is killed after the grace', async () => {
  const outcome = await workspace.run(IGNORES_TERM, { timeoutMs: BEGUN_MS });
  expect(outcome).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
  expect(outcome.durationMs).toBeGreaterThan(BEGUN_MS + 4_900);
  expect(await alive()).toEqual([]);
});

test('an abort asks a command to end, and waits for no more than that', async () => {
  const stop = new AbortController();
  const running = workspace.run(ENDS_WHEN_ASKED, { signal: stop.signal });
  const settled = running.catch((error: unknown) => error);
  await eventually(started('ready'));
  stop.abort(new Error('stop'));
  expect(await settled).toEqual(new Error('stop'));
  expect(await started('asked')()).toBe(true);
  expect(await alive()).toEqual([]);
});

test('disposing kills what left its group', async () => {
  await workspace.run(`${ESCAPES} while [ ! -s escaped ]; do sleep 0.05; done`);
  expect(await alive()).toHaveLength(1);
  await workspace.dispose();
  expect(await alive()).toEqual([]);
});

test('a program that an engine starts itself ends with the lease, too', async () => {
  const env = await workspace.programEnvironment('key-1');
  expect(env).toMatchObject({ STUDIO_STEP_KEY: 'key-1', CI: '1' });
  const program = spawn('sleep', ['300'], { env, stdio: 'ignore' });
  const ended = once(program, 'exit');
  await eventually(async () => (await alive()).length === 1);
  await workspace.dispose();
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('nothing survives the SIGKILL of its worker, neither in the group nor outside of it', async () => {
  const worker = spawnWorker(`${ESCAPES} while [ ! -s escaped ]; do sleep 0.05; done; ${IGNORES_TERM}`);
  await eventually(started('ready'));
  expect((await alive()).length).toBeGreaterThan(1);
  worker.kill('SIGKILL');
  await eventually(async () => (await alive()).length === 0);
});

test('where the guard died with its worker, the next lease kills the survivors and no newer lease', async () => {
  const worker = spawnWorker(`${ESCAPES} while [ ! -s escaped ]; do sleep 0.05; done; ${IGNORES_TERM}`);
  await eventually(started('ready'));
  const guards = (await fixture.sh(`pgrep -P ${worker.pid} -f studio-guard`)).split('\n').map(Number);
  for (const guard of guards) process.kill(guard, 'SIGKILL');
  worker.kill('SIGKILL');
  const survivors = (await alive()).length;
  expect(survivors).toBeGreaterThan(1);
  const place = { cacheDir: fixture.cacheDir, orchestration: ORCHESTRATION };
  expect(await killSurvivors({ ...place, olderThan: 4 })).toBe(0);
  expect(await killSurvivors({ ...place, olderThan: 5 })).toBeGreaterThanOrEqual(survivors);
  expect(await alive()).toEqual([]);
  expect(await killSurvivors(place)).toBe(0);
});

const spawnWorker = (command: string) => {
  const script = fileURLToPath(new URL('./worker.fixture.ts', import.meta.url));
  const args = ['--import', 'tsx', script, fixture.home, fixture.root, command, process.env.PATH ?? '', ORCHESTRATION];
  return spawn(process.execPath, args, { stdio: 'ignore' });
};
