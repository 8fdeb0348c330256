import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureHost, readHost, stopHost } from '#host/client';
import { packageRoot } from '#runtime';
import { startDurableRedis } from './support/durable-redis.ts';
import { createFleet, ensureBuilt } from './support/fleet.ts';
import { killHost } from './support/kill-host.ts';
import { lineGoal, makeRepository } from './support/line-goals.ts';
import { auditOrchestrations } from './support/orchestration.ts';
import { setScene, submitUntilTaken, unfinished, untilEnded } from './support/scene.ts';
import { waitUntil } from './support/wait-until.ts';

let folder: string;
let ends: (() => Promise<unknown>)[];

beforeEach(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'studio-places-'));
  ends = [() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })];
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
});

test('a Redis that evicts is refused, with the command that cures it', async () => {
  const server = await startDurableRedis(['--maxmemory-policy', 'allkeys-lru']);
  ends.push(server.stop);
  const fleet = await createFleet({ redisUrl: server.url, tag: '{studio}', folder });
  ends.push(fleet.stop);
  fleet.start('router');
  const [router] = fleet.members;
  await waitUntil('the router gives up', () => router?.hasEnded() ?? false);
  const why = /maxmemory-policy is allkeys-lru.*CONFIG SET maxmemory-policy noeviction/;
  await waitUntil('it has said why', () => why.test(router?.log() ?? ''));
});

const hostPlace = async () => {
  const studioDir = join(folder, '.studio');
  await mkdir(studioDir);
  ends.push(() => stopHost({ studioDir }));
  const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  return { studioDir, env };
};
type HostPlace = Awaited<ReturnType<typeof hostPlace>>;

const spawnHost = ({ studioDir, env }: HostPlace): ChildProcess =>
  spawn(process.execPath, [join(packageRoot(), 'dist', 'host.js'), studioDir], { env, cwd: studioDir, stdio: 'pipe' });

test('of two hosts that start at once one hosts, and the other ends in peace and says why', async () => {
  const place = await hostPlace();
  const hosts = [spawnHost(place), spawnHost(place)];
  const ended = await Promise.race(
    hosts.map(async (host) => {
      let said = '';
      host.stderr?.on('data', (text: Buffer) => {
        said += text.toString();
      });
      const [code] = await once(host, 'close');
      return { host, code, said };
    }),
  );
  expect(ended.code).toBe(0);
  expect(ended.said).toContain('another host is there');
  await waitUntil('the other hosts', async () => (await readHost(place.studioDir)) !== null);
  expect((await readHost(place.studioDir))?.pid).toBe(hosts.find((host) => host !== ended.host)?.pid);
});

test('commands that start a host at once all come to the same one', async () => {
  const place = await hostPlace();
  const found = await Promise.all([1, 2, 3].map(() => ensureHost(place)));
  expect(new Set(found.map((host) => JSON.stringify(host))).size).toBe(1);
});

test('what a killed host left behind, lock and host.json, keeps nobody from starting', async () => {
  const place = await hostPlace();
  await ensureHost(place);
  const left = await readFile(join(place.studioDir, 'host.json'), 'utf8');
  await killHost(place.studioDir);
  // Its process id may belong to somebody else by now: this process, for one.
  await writeFile(join(place.studioDir, 'host.json'), JSON.stringify({ ...JSON.parse(left), pid: process.pid }));
  expect(await readHost(place.studioDir)).toBeNull();
  await ensureHost(place);
  expect((await readHost(place.studioDir))?.pid).not.toBe(process.pid);
});

/** A file system of 8 MB: really small where this user may mount one. @returns how to fill and to free it */
const smallDisk = async (at: string) => {
  await mkdir(at, { recursive: true });
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', at]);
  ends.push(() => execa('umount', ['--lazy', at]));
  const ballast = join(at, 'ballast');
  return {
    fill: async () => void (await execa('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k'], { reject: false })),
    free: () => rm(ballast),
  };
};

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)(
  'a full disk is a blocker that says what to do; once there is room, a retry does the work',
  async () => {
    const cache = join(folder, 'cache');
    const disk = await smallDisk(cache);
    const scene = await setScene({ env: { XDG_CACHE_HOME: cache } });
    ends.push(scene.end);
    for (const service of ['router', 'state', 'builder'] as const) scene.fleet.start(service);
    await scene.fleet.ready();
    const workspace = join(folder, 'repository');
    await makeRepository(workspace);
    await disk.fill();
    const goal = lineGoal({ key: 'full', workspace, steps: 2, stepMs: 0, workflow: 'build_only' });
    const id = await submitUntilTaken(scene.studio, goal);
    await waitUntil('it asks', async () => (await scene.studio.why(id)).wait?.kind === 'question');
    const { failures, interactions } = await scene.studio.state(id);
    expect(failures.at(-1)).toMatchObject({ category: 'blocker' });
    expect(failures.at(-1)?.error).toMatch(/ENOSPC|No space left/i);
    expect(interactions.at(-1)?.prompt).toMatch(/free some space/);

    await disk.free();
    await scene.studio.control(id, { command: 'retry', hint: null });
    await untilEnded(scene.studio, [id]);
    expect(await unfinished(scene.studio, [id])).toEqual([]);
    expect(scene.fleet.members.filter((member) => !member.isReady())).toEqual([]);
    expect(await auditOrchestrations(scene)).toEqual([]);
  },
);
