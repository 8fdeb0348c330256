import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureHost, keepHost, readHost, stopHost, wasKilled } from '#host/client';
import { identifyProcess } from '#runtime';
import { ensureBuilt } from '../support/fleet.ts';
import { killHost } from '../support/kill-host.ts';
import { lineGoal, makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations, studioAt } from '../support/orchestration.ts';
import { submitUntilTaken, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

let folder: string;
let studioDir: string;

beforeEach(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'studio-host-'));
  studioDir = join(folder, '.studio');
  await mkdir(studioDir);
});
afterEach(async () => {
  await stopHost({ studioDir });
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const env = () => ({ PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') });
const ensure = () => ensureHost({ studioDir, env: env() });

const pid = async () => (await readHost(studioDir))?.pid;

/** As a host leaves it that was started before the checkout was updated. */
const pretendOlder = async () => {
  const file = join(studioDir, 'host.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), build: 'older' }));
};

test('a host of another build is replaced by the next command, one of the same build is joined', async () => {
  await ensure();
  const first = await pid();
  await ensure();
  expect(await pid()).toBe(first);
  await pretendOlder();
  await ensure();
  expect(await pid()).not.toBe(first);
});

test('a host is replaced by a command that brings a setting or a key, and not by one that lacks what it has', async () => {
  await ensure();
  const first = await pid();
  const withKey = { ...env(), ANTHROPIC_API_KEY: 'sk-local' };
  expect((await ensureHost({ studioDir, env: withKey })).unknownToHost).toEqual([]);
  const second = await pid();
  expect(second).not.toBe(first);
  const other = { ...env(), STUDIO_SANDBOX_MODE: 'off' };
  expect((await ensureHost({ studioDir, env: other })).unknownToHost).toEqual(['STUDIO_SANDBOX_MODE']);
  expect(await pid()).toBe(second);
});

test('a host of another build is left to finish what it has in hand', async () => {
  const workspace = join(folder, 'repository');
  await makeRepository(workspace);
  // Its step waits for a file that lies outside.
  await writeFile(join(studioDir, 'config.yaml'), 'sandbox: { mode: off }\n');
  const { endpoint, tag } = await ensure();
  const redis = new Redis({ path: 'socketPath' in endpoint ? endpoint.socketPath : '' });
  const studio = await studioAt({ redis, tag });
  const mayEnd = join(folder, 'may-end');
  const goal = lineGoal({ key: 'slow', workspace, steps: 2, stepMs: 0, workflow: 'build_only' });
  const held = { op: 'run', command: `echo step_1 >> lines.txt; until [ -e '${mayEnd}' ]; do sleep 0.1; done` };
  const steps = goal.plan?.steps.map((step, index) => (index === 0 ? { ...step, operations: [held] } : step));
  const id = await submitUntilTaken(studio, { ...goal, plan: { ...goal.plan, steps } });
  await waitUntil('a step runs', async () => (await studio.state(id)).steps.some(({ status }) => status === 'active'));
  const first = await pid();
  await pretendOlder();
  await ensure();
  expect(await pid()).toBe(first);
  await writeFile(mayEnd, '');
  await untilEnded(studio, [id]);
  expect(await auditOrchestrations({ redis, tag })).toEqual([]);
  await studio.close();
  redis.disconnect();
  await waitUntil('it is replaced', async () => {
    await ensure();
    return (await pid()) !== first;
  });
});

test('whoever watches starts a host again that was killed, and leaves one alone that was stopped', async () => {
  await ensure();
  const first = (await pid()) ?? 0;
  const kept = keepHost({ studioDir, env: env() });
  try {
    await killHost(studioDir);
    await waitUntil('another host is there', async () => ![undefined, first].includes(await pid()));
    await stopHost({ studioDir });
    expect(await wasKilled(studioDir)).toBe(false);
  } finally {
    kept.stop();
  }
});

test('a host that cannot start is told in its own words, without its log', async () => {
  const start = ensureHost({ studioDir, env: { ...env(), PATH: folder } });
  await expect(start).rejects.toThrow(/It said:\nneither redis-server nor valkey-server is on the PATH; [^{}]+$/);
});

test('a command that comes while the host ends gets a new one; that one ends with its folder', async () => {
  await ensure();
  const first = (await pid()) ?? 0;
  process.kill(first, 'SIGTERM');
  await waitUntil('the host says farewell', async () => (await readHost(studioDir)) === null);
  await ensure();
  const second = (await pid()) ?? 0;
  expect(second).not.toBe(first);
  await rm(studioDir, { recursive: true, maxRetries: 50, retryDelay: 100 });
  await waitUntil('the host has ended with its folder', () => identifyProcess(second) === null);
});
