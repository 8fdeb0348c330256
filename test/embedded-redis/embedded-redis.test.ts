import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type EmbeddedRedis,
  type EmbeddedRedisOptions,
  findServer,
  redisSocketPath,
  startEmbeddedRedis,
} from '#embedded-redis';
import { identifyProcess } from '#runtime';
import { waitUntil } from '../support/wait-until.ts';

const HOLDER = fileURLToPath(new URL('./hold-redis.ts', import.meta.url));

let root: string;
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), 'studio-redis-'));
  cleanups.push(() => rmSync(root, { recursive: true, force: true }));
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const start = async (options: Partial<EmbeddedRedisOptions> = {}): Promise<EmbeddedRedis> => {
  const server = await startEmbeddedRedis({ dir: join(root, 'data'), env: process.env, ...options });
  cleanups.push(() => server.stop());
  return server;
};

const connect = (socketPath: string): Redis => {
  const redis = new Redis({ path: socketPath });
  redis.on('error', () => undefined);
  cleanups.push(() => redis.disconnect());
  return redis;
};

interface HolderLine {
  outcome: 'up' | 'refused';
  socketPath?: string;
  pid?: number;
  code?: string;
}

/** A real process that holds a server, with the first line that it printed. */
const hold = async (dir: string, env: NodeJS.ProcessEnv = process.env) => {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, dir], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  // The fixture prints this shape and nothing else.
  return { child, line: JSON.parse(String(line)) as HolderLine };
};

/** A PATH with these programs and no others. */
const pathWith = (programs: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(root, 'path-'));
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(folder, name));
  return folder;
};

test('an embedded server is private, append-only, and never evicts', async () => {
  const { socketPath } = await start();
  const redis = connect(socketPath);
  const setting = async (name: string) => (await redis.config('GET', name))[1];
  expect(await setting('port')).toBe('0');
  expect(await setting('appendonly')).toBe('yes');
  expect(await setting('appendfsync')).toBe('always');
  expect(await setting('maxmemory-policy')).toBe('noeviction');
  expect(readdirSync(join(root, 'data')).filter((name) => name.endsWith('.conf'))).toEqual([]);
});

test('of several starters at once exactly one wins and the others are refused', async () => {
  const dir = join(root, 'data');
  const holders = await Promise.all([hold(dir), hold(dir), hold(dir)]);
  expect(holders.map(({ line }) => line.outcome).sort()).toEqual(['refused', 'refused', 'up']);
  expect(holders.flatMap(({ line }) => line.code ?? [])).toEqual(['redis.busy', 'redis.busy']);
});

test('a second start names the process that has the server', async () => {
  await start();
  await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
});

test('a host that is killed leaves no server behind', async () => {
  const { child, line } = await hold(join(root, 'data'));
  child.kill('SIGKILL');
  await waitUntil('the server ends with its host', () => identifyProcess(line.pid ?? 0) === null);
});

test('the server of a dead host is replaced even where the kernel does not end it', async () => {
  const dir = join(root, 'data');
  const node = process.execPath;
  const PATH = pathWith({ node, 'redis-server': await findServer(process.env), perl: '/usr/bin/perl' });
  const { child, line } = await hold(dir, { ...process.env, PATH });
  const before = connect(line.socketPath ?? '');
  await before.set('fact', '1');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(identifyProcess(line.pid ?? 0)).not.toBeNull();

  const server = await start();
  expect(server.pid).not.toBe(line.pid);
  await waitUntil('the old server is gone', () => identifyProcess(line.pid ?? 0) === null);
  expect(await connect(server.socketPath).get('fact')).toBe('1');
});

test('what was acknowledged survives a killed server, and its end is told', async () => {
  const ends: string[] = [];
  const first = await start({ onExit: (error) => ends.push(error.message) });
  const redis = connect(first.socketPath);
  for (let n = 0; n < 100; n++) await redis.set(`fact-${n}`, String(n));
  process.kill(first.pid, 'SIGKILL');
  await waitUntil('the end is told', () => ends.length > 0);
  expect(ends[0]).toContain('SIGKILL');

  const second = await start();
  expect(await connect(second.socketPath).dbsize()).toBe(100);
});

test('a stop that was asked for is no failure and ends the process', async () => {
  const ends: unknown[] = [];
  const server = await start({ onExit: (error) => ends.push(error) });
  await Promise.all([server.stop(), server.stop()]);
  expect(identifyProcess(server.pid)).toBeNull();
  expect(ends).toEqual([]);
});

test('a folder with a long path gets a short, private socket elsewhere', async () => {
  const dir = join(root, 'x'.repeat(120));
  const { socketPath } = await start({ dir });
  cleanups.push(() => rmSync(join(socketPath, '..'), { recursive: true, force: true }));
  expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(100);
  expect(socketPath).toBe(redisSocketPath(dir, process.env));
  expect(await connect(socketPath).ping()).toBe('PONG');
});

test('a damaged append-only file is named together with the tool that repairs it', async () => {
  const server = await start();
  await connect(server.socketPath).set('fact', 'x'.repeat(1_000));
  await server.stop();
  const folder = join(root, 'data', 'appendonlydir');
  const file = readdirSync(folder).find((name) => name.endsWith('.incr.aof')) ?? '';
  const bytes = readFileSync(join(folder, file));
  writeFileSync(join(folder, file), Buffer.concat([Buffer.from('garbage that is no command\r\n'), bytes]));
  await expect(start()).rejects.toMatchObject({ code: 'redis.aof_corrupt' });
  await expect(start()).rejects.toThrow(/redis-check-aof --fix .*appendonly\.aof\.manifest/);
});

test('a server that finds the disk full is told apart from other failures', async () => {
  // Stands in for the server: prints what Redis 7.0 prints when the disk fills up, and ends as it does.
  const fake = join(root, 'redis-server');
  writeFileSync(fake, '#!/bin/sh\necho "# Can\'t recover from AOF write error: No space left on device" >&2\nexit 1\n');
  chmodSync(fake, 0o755);
  const PATH = `${root}:${process.env.PATH}`;
  await expect(start({ env: { ...process.env, PATH } })).rejects.toMatchObject({ code: 'redis.disk_full' });
});

test('without a server on the PATH the one command that installs it is named', async () => {
  const folder = join(root, 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'apt-get'), '#!/bin/sh\n', { mode: 0o755 });
  await expect(start({ env: { PATH: folder } })).rejects.toThrow(/run: (?:sudo )?apt-get install -y redis-server/);
  expect(existsSync(join(root, 'data', 'redis.sock'))).toBe(false);
});
