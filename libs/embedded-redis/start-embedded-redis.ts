import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { RedisBusy, type RedisFailed, redisFailed } from './errors.ts';
import { leavePlace, ownerOf, type Place, preparePlace } from './place.ts';
import { probe, requestShutdown } from './probe.ts';
import { findServer, LOCK_HELD, lockPrefix, parentDeathPrefix } from './programs.ts';

export interface EmbeddedRedisOptions {
  /** Absolute path of the data folder, used by nothing else. Made with mode 0700. */
  readonly dir: string;
  /** PATH finds the programs, XDG_RUNTIME_DIR a short place for the socket. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called once when the server ends without having been told to. */
  readonly onExit?: (error: RedisFailed) => void;
  /** How long the server may take to read its data. Default 60 s: about 10 GB of facts. */
  readonly startDeadlineMs?: number;
}

export interface EmbeddedRedis {
  readonly socketPath: string;
  readonly pid: number;
  /** Ends the server in order; SIGKILL after 10 s. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Server {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  /** What it has logged since it was started. */
  readonly readLog: () => Promise<string>;
}

const POLL_MS = 20;
const STOP_DEADLINE_MS = 10_000;
/** A server that was told to end, or one whose parent just died, is gone within this. */
const TAKEOVER_DEADLINE_MS = 10_000;

const spawnServer = async (
  place: Place,
  command: readonly string[],
  env: EmbeddedRedisOptions['env'],
): Promise<Server> => {
  const before = await stat(place.logFile).then(
    ({ size }) => size,
    () => 0,
  );
  const log = openSync(place.logFile, 'a', 0o600);
  const [program = '', ...args] = command;
  try {
    // A group of its own: Ctrl-C at a terminal is for the host, which stops the server last.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: env.PATH, LC_ALL: 'C' },
    });
    const exited = new Promise<Exit>((resolve) => {
      child.once('error', () => resolve({ code: 127, signal: null }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const readLog = async () => (await readFile(place.logFile)).subarray(before).toString('utf8');
    return { child, exited, readLog };
  } finally {
    closeSync(log);
  }
};

/** @returns how the server ended, or `null` when it is up: an answer counts only if it is this very server's. */
const waitUntilUp = async (server: Server, place: Place, deadline: number): Promise<Exit | 'up' | 'late'> => {
  let exit: Exit | null = null;
  void server.exited.then((found) => {
    exit = found;
  });
  while (exit === null && Date.now() < deadline) {
    const answer = await probe(place.socketPath);
    if (answer?.configFile === place.configFile && !answer.loading) return 'up';
    await Promise.race([delay(POLL_MS), server.exited]);
  }
  return exit ?? 'late';
};

/** The lock is held: by a living host, which wins, or by the server of a dead one, which is told to end. */
const makeWay = async (place: Place): Promise<void> => {
  const answer = await probe(place.socketPath);
  if (answer === null) return;
  const owner = ownerOf(answer.configFile);
  if (owner.alive) {
    throw new RedisBusy(`the data in ${place.dir} is in use by process ${owner.pid}; use that one or end it first`, {
      dir: place.dir,
      pid: owner.pid,
    });
  }
  await requestShutdown(place.socketPath);
};

const end = async ({ child, exited }: Server, deadlineMs = STOP_DEADLINE_MS): Promise<void> => {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await exited;
  clearTimeout(force);
};

const acquire = async (place: Place, options: EmbeddedRedisOptions): Promise<Server> => {
  const { env, startDeadlineMs = 60_000 } = options;
  const program = await findServer(env);
  const command = [
    ...(await parentDeathPrefix(env)),
    ...(await lockPrefix(place.lockFile, env)),
    program,
    place.configFile,
  ];
  const takeoverDeadline = Date.now() + TAKEOVER_DEADLINE_MS;
  for (;;) {
    const server = await spawnServer(place, command, env);
    const outcome = await waitUntilUp(server, place, Date.now() + startDeadlineMs);
    if (outcome === 'up') return server;
    if (outcome === 'late') {
      await end(server);
      throw redisFailed('the embedded Redis did not start', place, await server.readLog(), 'silent');
    }
    if (outcome.code !== LOCK_HELD)
      throw redisFailed('the embedded Redis did not start', place, await server.readLog());
    await makeWay(place);
    if (Date.now() > takeoverDeadline)
      throw new RedisBusy(
        `something holds ${place.lockFile} and does not answer; end the redis-server of that folder`,
        {
          dir: place.dir,
        },
      );
    await delay(POLL_MS);
  }
};

/**
 * A private Redis for one machine: on a unix socket, append-only, synced before every answer, and gone with this process.
 * Must be called on the main thread: the kernel ends the server with the thread that started it.
 * @throws {RedisMissing} @throws {RedisBusy} a living process has it @throws {RedisFailed} it does not start
 */
export const startEmbeddedRedis = async (options: EmbeddedRedisOptions): Promise<EmbeddedRedis> => {
  const place = await preparePlace(options.dir, options.env);
  try {
    const server = await acquire(place, options);
    let stopping: Promise<void> | null = null;
    void server.exited.then(async ({ code, signal }) => {
      if (stopping !== null) return;
      const what = `the embedded Redis ended (${signal ?? `exit code ${code}`})`;
      options.onExit?.(redisFailed(what, place, await server.readLog().catch(() => '')));
    });
    const stop = () => {
      stopping ??= end(server);
      return stopping;
    };
    return { socketPath: place.socketPath, pid: server.child.pid ?? 0, stop };
  } finally {
    await leavePlace(place);
  }
};
