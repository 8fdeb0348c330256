import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Studio } from '#client';
import { ensureHost, stopHost } from '#host/client';
import { ensureBuilt } from '../support/fleet.ts';
import { killHost } from '../support/kill-host.ts';
import { auditLines, type LineGoal, lineGoal, makeRepository } from '../support/line-goals.ts';
import { processesOf } from '../support/marked-processes.ts';
import { auditOrchestrations, studioAt } from '../support/orchestration.ts';
import { createRandom, seedFrom } from '../support/random.ts';
import { submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { settled } from '../support/settled.ts';
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

const env = () => ({
  PATH: process.env.PATH,
  HOME: folder,
  XDG_CACHE_HOME: join(folder, 'cache'),
  STUDIO_RECOVERY_LEASES_PER_ATTEMPT: '100',
});

const connect = async (): Promise<{ studio: Studio; redis: Redis; tag: string }> => {
  const { endpoint, tag } = await ensureHost({ studioDir, env: env() });
  const redis = new Redis({ path: 'socketPath' in endpoint ? endpoint.socketPath : '', maxRetriesPerRequest: 5 });
  redis.on('error', () => {}); // each command reports its own failure
  return { redis, tag, studio: await studioAt({ redis, tag }) };
};

test('a host that is killed again and again loses nothing, and leaves nothing behind', async () => {
  const seed = seedFrom(process.env.STUDIO_CRASH_SEED);
  const random = createRandom(seed);
  console.info(`STUDIO_CRASH_SEED=${seed} repeats this run`);
  const workspace = join(folder, 'repository');
  await makeRepository(workspace);
  const { studio, redis, tag } = await connect();
  const goals = Array.from(
    { length: 6 },
    (_, n): LineGoal => ({ key: `goal-${n}`, workspace, steps: 4, stepMs: 150, workflow: 'build_only' }),
  );
  const ids = new Map<string, LineGoal>();
  for (const goal of goals) ids.set(await submitUntilTaken(studio, lineGoal(goal)), goal);
  for (let kills = 0; kills < 4; kills++) {
    await sleep(random.between(100, 2_500));
    await killHost(studioDir);
    await ensureHost({ studioDir, env: env() });
  }
  await untilEnded(studio, [...ids.keys()]);
  expect(await unfinished(studio, [...ids.keys()])).toEqual([]);
  for (const [id, { steps }] of ids) expect(await settled(() => auditLines(workspace, id, steps))).toEqual([]);
  expect(await settled(() => auditOrchestrations({ redis, tag }))).toEqual([]);
  await studio.close();
  redis.disconnect();

  await killHost(studioDir);
  await waitUntil('no process of the host is left', async () => (await processesOf(folder)).length === 0);
});
