import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A Redis for tests, and how to end it. */
export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has a port');
  return address.port;
};

/** Resolves once the server answers. @throws after `timeoutMs` */
export const untilItAnswers = async (url: string, timeoutMs: number): Promise<void> => {
  const attempts = Math.ceil(timeoutMs / 50);
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: (n) => (n < attempts ? 50 : null) });
  redis.on('error', () => {}); // connection refused, until it listens
  try {
    await redis.connect().catch(() => {});
    await redis.ping();
  } finally {
    redis.disconnect();
  }
};

const ended = (child: ChildProcess) => new Promise<void>((resolve) => child.once('exit', () => resolve()));

/**
 * Starts `redis-server` from the PATH on a loopback port, with its files in a folder of its own.
 * @param settings more of its configuration, `['--maxmemory', '20mb']`
 */
export const startRedisServer = async (settings: readonly string[] = []): Promise<TestServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-redis-'));
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const listen = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const memoryOnly = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
    const child = spawn('redis-server', [...listen, ...memoryOnly, ...settings], { stdio: 'ignore' });
    const exit = ended(child);
    const missing = new Promise<never>((_, reject) => child.once('error', reject));
    const url = `redis://127.0.0.1:${port}`;
    const up = await Promise.race([untilItAnswers(url, 10_000).then(() => true), exit.then(() => false), missing]);
    if (!up && tries < 3) continue; // another process took the port in between
    if (!up) throw new Error(`redis-server ended at once, three times: try redis-server --port ${port} by hand`);
    const stop = async () => {
      child.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    };
    return { url, stop };
  }
};
