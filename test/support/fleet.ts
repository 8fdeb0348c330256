import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isStale } from '../../scripts/build.mjs';
import { waitUntil } from './wait-until.ts';
import { withParent } from './with-parent.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export type FleetService = 'router' | 'state' | 'architect' | 'planner' | 'builder';

export interface FleetOptions {
  readonly redisUrl: string;
  /** Hash tag of every key. */
  readonly tag: string;
  /** State, caches and nothing else: all members are of one host. */
  readonly folder: string;
  /** More of their environment: `STUDIO_RECOVERY_STEP_TRIES`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One place in the fleet; who holds it changes with every kill. */
export interface Member {
  readonly service: FleetService;
  readonly pid: () => number;
  /** What all who held the place have said, newest last, the beginning cut off. */
  readonly log: () => string;
  readonly isReady: () => boolean;
  /** The place is empty. */
  readonly hasEnded: () => boolean;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** SIGKILL; resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** The next process for this place. It must be empty. */
  readonly respawn: () => void;
}

export interface Fleet {
  readonly members: readonly Member[];
  /** Starts processes, without waiting until they are ready. */
  readonly start: (service: FleetService, options?: { readonly count?: number; readonly concurrency?: number }) => void;
  readonly of: (service: FleetService) => readonly Member[];
  /** Resolves when every process takes work. */
  readonly ready: () => Promise<void>;
  /** SIGKILL to all; resolves when all are gone. */
  readonly stop: () => Promise<void>;
}

const MAX_LOG_CHARACTERS = 200_000;
const MAX_LINE_CHARACTERS = 1_000;

/** Builds what the members run, where it is older than its sources. */
export const ensureBuilt = async (): Promise<void> => {
  if (isStale(root)) await build(root);
};

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const environmentOf = ({ redisUrl, tag, folder, env }: FleetOptions): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: folder,
  XDG_CACHE_HOME: join(folder, 'cache'),
  STUDIO_DIR: join(folder, '.studio'),
  REDIS_URL: redisUrl,
  STUDIO_TAG: tag,
  // What programs of tests do is read from what they leave outside of the worktree.
  STUDIO_SANDBOX_MODE: 'off',
  ...env,
});

const createMember = (service: FleetService, args: readonly string[], options: FleetOptions): Member => {
  let said = '';
  let isUp = false;
  const spawnNow = (): ChildProcess => {
    isUp = false;
    const [program, all] = withParent(process.execPath, [join(root, 'dist', 'cli.js'), 'start', ...args]);
    const next = spawn(program, all, { cwd: options.folder, env: environmentOf(options), stdio: 'pipe' });
    let heard = '';
    const hear = (text: Buffer): void => {
      said = (said + text.toString()).slice(-MAX_LOG_CHARACTERS);
      // A line may come in pieces, and the last one of who was killed when its successor is there.
      heard = (heard + text.toString()).slice(-MAX_LINE_CHARACTERS);
      if (next === child && heard.includes('service started')) isUp = true;
    };
    next.stdout.on('data', hear);
    next.stderr.on('data', hear);
    return next;
  };
  let child = spawnNow();
  return {
    service,
    pid: () => child.pid ?? 0,
    log: () => said,
    isReady: () => isUp && !isGone(child),
    hasEnded: () => isGone(child),
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      const exited = once(child, 'exit');
      if (!isGone(child) && child.kill('SIGKILL')) await exited;
    },
    respawn: () => {
      if (!isGone(child)) throw new Error(`${service} ${child.pid} still runs: kill it first`);
      child = spawnNow();
    },
  };
};

/** Real processes of the built command line, each a service, all on one Redis. End it whatever happens. */
export const createFleet = async (options: FleetOptions): Promise<Fleet> => {
  await mkdir(options.folder, { recursive: true });
  const members: Member[] = [];
  return {
    members,
    of: (service) => members.filter((member) => member.service === service),
    start: (service, { count = 1, concurrency = 1 } = {}) => {
      const isAgent = service !== 'router' && service !== 'state';
      const args = isAgent ? ['agent', service, '--concurrency', String(concurrency)] : [service];
      for (let n = 0; n < count; n++) members.push(createMember(service, args, options));
    },
    ready: async () => {
      const all = (): boolean => {
        const dead = members.find((member) => member.hasEnded());
        if (dead) throw new Error(`${dead.service} did not start:\n${dead.log().slice(-4_000)}`);
        return members.every((member) => member.isReady());
      };
      await waitUntil('all services are ready', all);
    },
    stop: async () => void (await Promise.all(members.map((member) => member.kill()))),
  };
};
