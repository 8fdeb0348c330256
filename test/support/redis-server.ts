import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { PATIENCE_MS } from './wait-until.ts';

/** A Redis for tests, and how to end it. */
export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Resolves, with the process id of the server, once it answers. @throws after `timeoutMs` */
export const untilItAnswers = async (url: string, timeoutMs = PATIENCE_MS): Promise<number> => {
  const deadline = performance.now() + timeoutMs;
  const retryStrategy = () => (performance.now() < deadline ? 50 : null);
  // By itself a command gives up after 20 attempts, a second.
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy });
  redis.on('error', () => {}); // connection refused, until it listens
  try {
    await redis.connect().catch(() => {});
    return Number(/^process_id:(\d+)/m.exec(await redis.info('server'))?.[1]);
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
    // Another process may have taken the port in between, even another Redis, which answers.
    const isOurs = untilItAnswers(url).then((pid) => pid === child.pid);
    const up = await Promise.race([isOurs, exit.then(() => false), missing]);
    if (!up && tries < 3) continue;
    if (!up) throw new Error(`redis-server ended at once, three times: try redis-server --port ${port} by hand`);
    const stop = async () => {
      child.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    };
    return { url, stop };
  }
};
