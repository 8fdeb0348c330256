import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { identifyProcess, ownIdentity, type ProcessIdentity } from '#runtime';
import { RedisFailed } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the server of a folder keeps its things. */
export interface Place {
  readonly dir: string;
  readonly lockFile: string;
  readonly logFile: string;
  readonly socketPath: string;
  /** Its name tells whose server this is; the server itself repeats it in INFO. */
  readonly configFile: string;
}

/** The kernel takes 108 bytes on Linux and 104 on macOS, with the closing zero. */
const MAX_SOCKET_BYTES = 100;
const MAX_LOG_BYTES = 1_048_576;

/**
 * `<dir>/redis.sock`, or a short path that follows from `dir` where that is too long.
 * Depends on XDG_RUNTIME_DIR then: a process with another environment must be told the path.
 */
export const redisSocketPath = (dir: string, env: Env): string => {
  const near = join(dir, 'redis.sock');
  if (Buffer.byteLength(near) <= MAX_SOCKET_BYTES) return near;
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  return join(env.XDG_RUNTIME_DIR || tmpdir(), `studio-${name}`, 'redis.sock');
};

const configText = (place: Omit<Place, 'configFile'>) =>
  [
    'port 0',
    `unixsocket ${JSON.stringify(place.socketPath)}`,
    'unixsocketperm 700',
    `dir ${JSON.stringify(place.dir)}`,
    'daemonize no',
    'appendonly yes',
    // Every fact is on disk before it is acknowledged.
    'appendfsync always',
    // A write that a crash cut short was never acknowledged.
    'aof-load-truncated yes',
    'save ""',
    'maxmemory-policy noeviction',
    // The last node of a stream is allocated whole: at the default 4096 a small run wastes 2 KiB on average.
    'stream-node-max-bytes 2048',
    // Only one's own user can reach the socket; there is nobody to protect from.
    'protected-mode no',
    `logfile ${JSON.stringify(place.logFile)}`,
    '',
  ].join('\n');

/** In a shared folder anyone may have made the name first: only a private folder of our own will do. */
const makePrivate = async (dir: string): Promise<void> => {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw new RedisFailed('not_writable', `${dir} is not a folder of the user who runs Studio; remove it`, { dir });
  if ((found.mode & 0o077) !== 0) await chmod(dir, 0o700);
};

const restartLog = async (logFile: string): Promise<void> => {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_LOG_BYTES) await truncate(logFile, 0);
};

const ownerPrefix = ({ pid, start }: ProcessIdentity) => `redis-${pid}-${start.replaceAll(/[^A-Za-z0-9]/g, '_')}-`;

export const preparePlace = async (dir: string, env: Env): Promise<Place> => {
  await makePrivate(dir);
  const socketPath = redisSocketPath(dir, env);
  await makePrivate(dirname(socketPath));
  const base = { dir, lockFile: join(dir, 'redis.lock'), logFile: join(dir, 'redis.log'), socketPath };
  await restartLog(base.logFile);
  const configFile = join(dir, `${ownerPrefix(ownIdentity())}${randomBytes(4).toString('hex')}.conf`);
  await writeFile(configFile, configText(base), { mode: 0o600 });
  return { ...base, configFile };
};

/** Whether the process that wrote this configuration, by its name, is still alive. */
export const ownerOf = (configFile: string): { readonly pid: number; readonly alive: boolean } => {
  const name = basename(configFile);
  const pid = Number(/^redis-(\d+)-/.exec(name)?.[1] ?? 0);
  const found = identifyProcess(pid);
  return { pid, alive: found !== null && name.startsWith(ownerPrefix(found)) };
};

/** The server has read its configuration long ago; the name has no use after it. */
export const leavePlace = ({ configFile }: Place): Promise<void> => rm(configFile, { force: true });
