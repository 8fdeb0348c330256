import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '#contracts';
import { packageRoot, type RedisEndpoint } from '#runtime';
import { type HostDocument, readHost } from './host-file.ts';

export interface EnsureHostOptions {
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface HostPlace {
  readonly endpoint: RedisEndpoint;
  readonly tag: string;
}

const POLL_MS = 15;
/** A log of some gigabytes is read within this. */
const START_DEADLINE_MS = 60_000;

const placeOf = ({ socketPath, tag }: HostDocument): HostPlace => ({ endpoint: { socketPath }, tag });

/** Detached: it outlives the command that needed it first, and the terminal. */
const spawnHost = ({ studioDir, env }: EnsureHostOptions): ChildProcess => {
  const log = openSync(join(studioDir, 'host.log'), 'a', 0o600);
  try {
    const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'host.js'), studioDir], {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: studioDir,
      env: { ...env },
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
};

const lastWords = async (studioDir: string): Promise<string> => {
  const log = await readFile(join(studioDir, 'host.log'), 'utf8').catch(() => '');
  return log.trimEnd().split('\n').slice(-3).join('\n');
};

/** Of several that start at once one gets the lock; the others end, and all commands join the one. */
const waitForHost = async (studioDir: string, child: ChildProcess): Promise<HostDocument> => {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    const host = await readHost(studioDir);
    if (host) return host;
    if (child.exitCode !== null && child.exitCode !== 0) break;
    await sleep(POLL_MS);
  }
  throw new Unavailable(
    `the host of ${studioDir} did not start; studio doctor tells what is missing. It said:\n${await lastWords(studioDir)}`,
    { studioDir },
  );
};

/**
 * Where the host of this folder is; started in the background unless it runs.
 * @throws {Unavailable} it does not start
 */
export const ensureHost = async (options: EnsureHostOptions): Promise<HostPlace> => {
  const running = await readHost(options.studioDir);
  return placeOf(running ?? (await waitForHost(options.studioDir, spawnHost(options))));
};

/** Ends the host of this folder and waits until it is gone. Goals that run go on when it is started again. */
export const stopHost = async ({ studioDir }: Pick<EnsureHostOptions, 'studioDir'>): Promise<{ stopped: boolean }> => {
  const running = await readHost(studioDir);
  if (!running) return { stopped: false };
  process.kill(running.pid, 'SIGTERM');
  while (await readHost(studioDir)) await sleep(POLL_MS);
  return { stopped: true };
};
