import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { untilItAnswers } from './redis-server.ts';
import { isOnPath, withParent } from './with-parent.ts';

/** A Redis that keeps what it acknowledged, for tests that kill it. */
export interface DurableRedis {
  readonly url: string;
  /** SIGKILL, then the same server again on the same port with the same data. Resolves when it answers. */
  readonly crash: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const DURABLE = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];

const kill = async (server: ChildProcess): Promise<void> => {
  const exited = once(server, 'exit');
  if (server.exitCode === null && server.signalCode === null && server.kill('SIGKILL')) await exited;
};

/**
 * `redis-server` or `valkey-server` from the PATH on a loopback port, with an append-only file that is synced before every answer.
 * @param settings more of its configuration; a later one replaces an earlier one
 */
export const startDurableRedis = async (settings: readonly string[] = []): Promise<DurableRedis> => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-durable-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const listen = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const [program, args] = withParent(isOnPath('redis-server') ? 'redis-server' : 'valkey-server', [
    ...listen,
    ...DURABLE,
    ...settings,
  ]);

  const start = async (): Promise<ChildProcess> => {
    const server = spawn(program, args, { stdio: 'ignore' });
    const ended = once(server, 'exit').then(() => null);
    if ((await Promise.race([untilItAnswers(url), ended])) === server.pid) return server;
    server.kill('SIGKILL');
    throw new Error(`another server has port ${port}`);
  };

  let server = await start();
  return {
    url,
    crash: async () => {
      await kill(server);
      server = await start();
    },
    stop: async () => {
      await kill(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
