import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { RedisMissing } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

const run = promisify(execFile);

const isExecutable = async (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The first of these programs in the order of their names, then of the PATH. */
const findProgram = async (names: readonly string[], env: Env): Promise<string | null> => {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name))))
    if (await isExecutable(file)) return file;
  return null;
};

const INSTALLERS: readonly (readonly [string, string])[] = [
  ['apt-get', 'apt-get install -y redis-server'],
  ['dnf', 'dnf install -y redis'],
  ['apk', 'apk add redis'],
  ['pacman', 'pacman -S --noconfirm valkey'],
  ['zypper', 'zypper install -y redis'],
  ['brew', 'brew install redis'],
];

/** The one command that installs a server here; `null` on a platform whose package manager is not known. */
export const installCommand = async (env: Env, isRoot = process.getuid?.() === 0): Promise<string | null> => {
  for (const [manager, command] of INSTALLERS)
    if (await findProgram([manager], env)) return isRoot || manager === 'brew' ? command : `sudo ${command}`;
  return null;
};

/** Where `redis-server` or `valkey-server` is. @throws {RedisMissing} naming the command that installs it */
export const findServer = async (env: Env): Promise<string> => {
  const server = await findProgram(['redis-server', 'valkey-server'], env);
  if (server) return server;
  const command = await installCommand(env);
  const todo = command === null ? 'install Redis 6.2 or newer, or set REDIS_URL' : `run: ${command}`;
  throw new RedisMissing(`neither redis-server nor valkey-server is on the PATH; ${todo}`, { command });
};

/** What the lock answers when another process holds it: EX_TEMPFAIL, which no server exits with. */
export const LOCK_HELD = 75;

/**
 * Takes the lock and becomes the command, so that the lock lives exactly as long as the server: `$^F` keeps the
 * descriptor open over exec.
 */
const PERL_LOCK = `use Fcntl ":flock"; $^F = 1000; open(my $lock, ">>", shift) or exit 73; flock($lock, LOCK_EX | LOCK_NB) or exit ${LOCK_HELD}; exec { $ARGV[0] } @ARGV or exit 127;`;

const works = async (file: string, args: readonly string[]) =>
  run(file, args).then(
    () => true,
    () => false,
  );

/** Prefix of a command that runs it under an exclusive lock. BusyBox's flock stays as parent, so it will not do. */
export const lockPrefix = async (lockFile: string, env: Env): Promise<readonly string[]> => {
  const flock = await findProgram(['flock'], env);
  if (flock && (await works(flock, ['-F', '-n', '/dev/null', 'true'])))
    return [flock, '-F', '-n', '-E', String(LOCK_HELD), lockFile];
  const perl = await findProgram(['perl'], env);
  if (perl) return [perl, '-e', PERL_LOCK, lockFile];
  throw new RedisMissing(
    'neither flock of util-linux nor perl is on the PATH, so nothing can lock the data; install util-linux',
  );
};

/** Prefix of a command that the kernel ends with its parent; empty where that cannot be had. */
export const parentDeathPrefix = async (env: Env): Promise<readonly string[]> => {
  const setpriv = await findProgram(['setpriv'], env);
  return setpriv && (await works(setpriv, ['--pdeathsig', 'TERM', 'true'])) ? [setpriv, '--pdeathsig', 'TERM'] : [];
};
