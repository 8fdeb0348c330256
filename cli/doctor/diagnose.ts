import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Redis } from 'ioredis';
import type { Config } from '#contracts';
import type { Engine } from '#engines';
import { describeEndpoint, locateStudioDir } from '#runtime';
import type { Io } from '../io.ts';
import type { Check } from '../render/diagnosis.ts';
import { checkBrowser } from './check-browser.ts';
import { checkSandbox } from './check-sandbox.ts';

const run = promisify(execFile);

/** The least disk that a worktree with its dependencies and the log can be expected to need. */
const LITTLE_DISK_BYTES = 1024 ** 3;
const NO_DISK_BYTES = 64 * 1024 ** 2;

const ok = (name: string, found: string): Check => ({ name, verdict: 'ok', found, todo: null });
const warn = (name: string, found: string, todo: string): Check => ({ name, verdict: 'warn', found, todo });
const fail = (name: string, found: string, todo: string): Check => ({ name, verdict: 'fail', found, todo });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const may = (file: string, mode: number): Promise<boolean> =>
  access(file, mode).then(
    () => true,
    () => false,
  );
const exists = (file: string): Promise<boolean> => may(file, constants.F_OK);

const findProgram = async (names: readonly string[], { env }: Io): Promise<string | null> => {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await may(file, constants.X_OK)) return file;
  }
  return null;
};

const versionOf = async (file: string): Promise<string> => {
  try {
    return (await run(file, ['--version'])).stdout.trim().split('\n', 1)[0] ?? file;
  } catch {
    return file;
  }
};

const checkNode = (): Check => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return fits ? ok('node', process.versions.node) : fail('node', process.versions.node, 'install Node 20.19 or newer');
};

const checkGit = async (io: Io): Promise<Check> => {
  const git = await findProgram(['git'], io);
  return git ? ok('git', await versionOf(git)) : fail('git', 'not on the PATH', 'install git: apt-get install -y git');
};

const checkServer = async (io: Io): Promise<Check> => {
  const server = await findProgram(['redis-server', 'valkey-server'], io);
  if (server) return ok('redis server', await versionOf(server));
  return fail(
    'redis server',
    'neither redis-server nor valkey-server is on the PATH',
    'apt-get install -y redis-server, or set REDIS_URL',
  );
};

const checkLock = async (io: Io): Promise<Check> => {
  const lock = await findProgram(['flock', 'perl'], io);
  return lock
    ? ok('lock', lock)
    : fail(
        'lock',
        'neither flock nor perl is on the PATH',
        'install util-linux: without a lock two servers could write one log',
      );
};

const checkParentDeath = async (io: Io): Promise<Check> => {
  const setpriv = await findProgram(['setpriv'], io);
  if (setpriv) return ok('setpriv', setpriv);
  return warn(
    'setpriv',
    'not on the PATH',
    'install util-linux: without it a command can outlive a killed worker until the next one starts',
  );
};

/** Nothing where there is room for goals. */
const checkRoom = async (redis: Redis): Promise<readonly Check[]> => {
  const { createIntakeGuard } = await import('#events/redis');
  return createIntakeGuard({ redis })().then(
    () => [],
    (error: unknown) => [fail('redis', reasonOf(error), 'studio archive --dry-run tells what can be moved')],
  );
};

const checkRedisAt = async (url: string): Promise<readonly Check[]> => {
  const { checkRedis, connectRedis } = await import('#runtime');
  try {
    const redis = await connectRedis({ url, name: 'doctor' });
    try {
      const { version, problems, warnings } = await checkRedis(redis);
      return [
        ok('redis', `${version} at ${describeEndpoint({ url })}`),
        ...problems.map((problem) =>
          fail('redis', problem, 'without that facts can be lost, so Studio does not start on it'),
        ),
        ...warnings.map((warning) => warn('redis', warning, 'see what a crash may cost you')),
        ...(await checkRoom(redis)),
      ];
    } finally {
      redis.disconnect();
    }
  } catch (error) {
    return [fail('redis', reasonOf(error), 'start it, or correct REDIS_URL')];
  }
};

const checkEmbedded = async (io: Io): Promise<readonly Check[]> =>
  Promise.all([checkServer(io), checkLock(io), checkParentDeath(io)]);

/** The folder itself, or the nearest one above it that exists. */
const nearest = async (folder: string): Promise<string> =>
  folder === dirname(folder) || (await exists(folder)) ? folder : nearest(dirname(folder));

const checkStudioDir = async (folder: string): Promise<Check> => {
  const place = await nearest(folder);
  if (!(await may(place, constants.W_OK)))
    return fail('state folder', `${place} cannot be written`, 'make it writable, or set STUDIO_DIR to another place');
  return ok('state folder', place === folder ? folder : `${folder}, made when it is needed`);
};

const checkDisk = async (folder: string): Promise<Check> => {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
  if (free < NO_DISK_BYTES) return fail('disk', found, 'free some space: the log cannot be written');
  return free < LITTLE_DISK_BYTES
    ? warn('disk', found, 'worktrees and their dependencies need more')
    : ok('disk', found);
};

/** Where one posts: without a secret it is not told. */
const checkHooks = ({ hooks }: Config, { env }: Io): readonly Check[] => {
  const posts = ([hooks.completed, hooks.waiting, hooks.failed] as const).some(
    (hook) => hook !== false && hook.url !== undefined,
  );
  if (!posts || env.STUDIO_HOOK_SECRET) return [];
  return [
    warn(
      'hooks',
      'one has a url, and STUDIO_HOOK_SECRET is not set: nothing is posted without a signature',
      'set STUDIO_HOOK_SECRET for the router, or for the command that starts the host',
    ),
  ];
};

/** Who is wanted and not there, and who is there and cannot be asked. */
const checkEngines = async (config: Config, { env }: Io, configFile: string): Promise<readonly Check[]> => {
  const { enginesOf } = await import('#host/engines');
  const engines = enginesOf(config, dirname(configFile), env);
  const names = engines.map(({ name }) => name);
  const { default: wanted, roles, fallback } = config.engines;
  const unknown = [wanted, ...Object.values(roles), fallback].flat().find((name) => !['auto', ...names].includes(name));
  if (unknown !== undefined) {
    const found = `engines names ${unknown}, which is not configured`;
    return [fail('engines', found, `set engines.commands.${unknown}.command in ${configFile}`)];
  }
  const lacking = engines.flatMap(({ lacks }) => (lacks ? [warn('engines', lacks.reason, lacks.unblock)] : []));
  return [ok('engines', names.join(', ')), ...lacking, ...checkModels(engines)];
};

/** What their authors support, and what is tested here. */
const checkModels = (engines: readonly Pick<Engine, 'name' | 'settings'>[]): readonly Check[] => {
  const model = engines.find(({ settings }) => settings?.startsWith('engines.models.'));
  if (!model || Number(process.versions.node.split('.')[0]) >= 22) return [];
  const found = `${model.name} uses the AI SDK, which declares Node 22; it is tested with ${process.versions.node.split('.')[0]} too`;
  return [warn('models', found, 'run the workers with Node 22 or newer where that is a matter')];
};

const checkConfig = async (io: Io, configFile: string): Promise<readonly Check[]> => {
  const { loadConfig } = await import('#runtime');
  try {
    const { config } = await loadConfig({ file: configFile, env: io.env });
    const { checkAgents } = await import('./check-agents.ts');
    const engines = await checkEngines(config, io, configFile);
    return [
      ...engines,
      ...checkAgents(config, io),
      await checkSandbox(config, io),
      await checkBrowser(config, io),
      ...checkHooks(config, io),
    ];
  } catch (error) {
    return [fail('configuration', reasonOf(error), `correct what it names, in ${configFile} or in the environment`)];
  }
};

const checkHost = async (studioDir: string): Promise<Check> => {
  const { readHost } = await import('#host/client');
  const running = await readHost(studioDir);
  if (running) return ok('host', `process ${running.pid}`);
  const left = await exists(join(studioDir, 'host.json'));
  const next = 'the next command that needs it starts it';
  return ok('host', left ? `a killed one left its file, which counts for nothing; ${next}` : `not running; ${next}`);
};

/** Looks at everything that Studio needs here, one thing after the other; starts and changes nothing. */
export const diagnose = async (io: Io): Promise<readonly Check[]> => {
  const studioDir = locateStudioDir(io.cwd, io.env);
  const { REDIS_URL: url } = io.env;
  return [
    checkNode(),
    await checkGit(io),
    ...(url ? await checkRedisAt(url) : [...(await checkEmbedded(io)), await checkHost(studioDir)]),
    await checkStudioDir(studioDir),
    await checkDisk(io.cwd),
    ...(await checkConfig(io, join(studioDir, 'config.yaml'))),
  ];
};
