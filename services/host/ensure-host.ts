import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Unavailable } from '#contracts';
import { isAlive, packageRoot, type RedisEndpoint } from '#runtime';
import { buildIdentity } from './build-identity.ts';
import { changeOf, type EnvironmentChange, isFolderOfPath } from './host-environment.ts';
import { type HostDocument, parseJson, readHost, wasKilled } from './host-file.ts';

export interface EnsureHostOptions {
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface HostPlace {
  readonly endpoint: RedisEndpoint;
  readonly tag: string;
  /** Variables that this command has, and the host not or otherwise: it was started without them. */
  readonly unknownToHost: readonly string[];
}

const POLL_MS = 15;
/** Between attempts to take over from a host that ends. */
const RETRY_MS = 200;
/** Short commands have ended by then, and never look. */
const KEEP_EVERY_MS = 2_000;
/** A log of some gigabytes is read within this. */
const START_DEADLINE_MS = 60_000;

const placeOf = (host: HostDocument, { env }: EnsureHostOptions): HostPlace => ({
  endpoint: { socketPath: host.socketPath },
  tag: host.tag,
  // Terminals differ in their PATH more often than it is worth a word.
  unknownToHost: differenceOf(host, env).news.filter((name) => !isFolderOfPath(name)),
});

const differenceOf = ({ environment }: HostDocument, env: EnsureHostOptions['env']): EnvironmentChange =>
  environment === null ? { news: [], lost: [] } : changeOf(environment, env);

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

const LogLine = z.object({ pid: z.int(), err: z.object({ message: z.string() }) });

/** The error that this process logged last, without the rest of the line; whatever it wrote else where it logged none. */
const lastWords = async (studioDir: string, { pid }: ChildProcess): Promise<string> => {
  const log = await readFile(join(studioDir, 'host.log'), 'utf8').catch(() => '');
  const lines = log.trimEnd().split('\n');
  const errors = lines.flatMap((line) => {
    const parsed = LogLine.safeParse(parseJson(line));
    return parsed.success && parsed.data.pid === pid ? [parsed.data.err.message] : [];
  });
  return errors.at(-1) ?? lines.slice(-3).join('\n');
};

/**
 * Of several that start at once one gets the lock; the others end, and all commands join the one. If that one was just
 * ending, nobody is left, and it is tried again.
 */
const startHost = async (options: EnsureHostOptions): Promise<HostDocument> => {
  const { studioDir } = options;
  const deadline = Date.now() + START_DEADLINE_MS;
  let child = spawnHost(options);
  while (Date.now() < deadline) {
    const host = await readHost(studioDir);
    if (host) return host;
    if (child.exitCode !== null && child.exitCode !== 0) break;
    await sleep(child.exitCode === null ? POLL_MS : RETRY_MS);
    if (child.exitCode === 0) child = spawnHost(options);
  }
  throw new Unavailable(
    `the host of ${studioDir} did not start; studio doctor tells what is missing. It said:\n${await lastWords(studioDir, child)}`,
    { studioDir },
  );
};

/** Of another build than this command, or without something of its environment. One that would lose something stays. */
const isOutdated = (host: HostDocument, env: EnsureHostOptions['env']): boolean => {
  const { news, lost } = differenceOf(host, env);
  return host.build !== buildIdentity() || (news.length > 0 && lost.length === 0);
};

/** The host that runs, unless it is outdated and has nothing in hand: then it is ended. */
const currentHost = async (options: EnsureHostOptions): Promise<HostDocument | null> => {
  const running = await readHost(options.studioDir);
  if (running === null || !isOutdated(running, options.env)) return running;
  // Loaded where it is needed: queues are slow to load, and nearly every command finds its own host.
  const { isWorking } = await import('./is-working.ts');
  if (await isWorking(running)) return running;
  await stopHost(options);
  return null;
};

/**
 * Where the host of this folder is; started in the background unless it runs.
 * @throws {Unavailable} it does not start
 */
export const ensureHost = async (options: EnsureHostOptions): Promise<HostPlace> =>
  placeOf((await currentHost(options)) ?? (await startHost(options)), options);

/**
 * Starts the host again whenever it was killed, until told to stop: who watches a run for an hour would else wait for
 * somebody to type another command. A host that was stopped is left alone.
 */
export const keepHost = (options: EnsureHostOptions): { readonly stop: () => void } => {
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    // One that does not start is told by whatever needs it.
    if (await wasKilled(options.studioDir)) await startHost(options).catch(() => undefined);
    looking = false;
  };
  const timer = setInterval(() => void look(), KEEP_EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
};

/** Ends the host of this folder and waits until it is gone. Goals that run go on when it is started again. */
export const stopHost = async ({ studioDir }: Pick<EnsureHostOptions, 'studioDir'>): Promise<{ stopped: boolean }> => {
  const running = await readHost(studioDir);
  if (!running) return { stopped: false };
  try {
    process.kill(running.pid, 'SIGTERM');
  } catch (error) {
    if (isAlive(running)) throw error; // else it ended by itself a moment ago
  }
  // The file goes first and the process last: until then it holds the lock that the next one needs.
  while (isAlive(running)) await sleep(POLL_MS);
  return { stopped: true };
};
