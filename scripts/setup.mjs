// What a bare machine lacks: npm packages, Redis, git. Plain JavaScript without packages, because it runs before any are
// there. Says what it installs, asks nothing, and costs a few milliseconds when nothing is missing.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Exit code of the command line for "cannot reach what it needs". */
export const EXIT_UNREACHABLE = 4;

const OLDEST_NODE = [20, 19];

const SERVERS = ['redis-server', 'valkey-server'];

/** Package managers in the order of preference; the packages that hold a Redis server and git have these names in each. */
const MANAGERS = [
  {
    program: 'apt-get',
    commands: (packages) => ['apt-get update', `apt-get install -y --no-install-recommends ${packages.join(' ')}`],
    redis: 'redis-server',
  },
  { program: 'dnf', commands: (packages) => [`dnf install -y ${packages.join(' ')}`], redis: 'redis' },
  { program: 'apk', commands: (packages) => [`apk add --no-cache ${packages.join(' ')}`], redis: 'redis' },
  { program: 'brew', commands: (packages) => [`brew install ${packages.join(' ')}`], redis: 'redis', anyUser: true },
];

const isOnPath = (program, env) =>
  (env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      if (folder !== '') accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

/** Why this Node will not do, or `null`. */
export const nodeProblem = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return isNew
    ? null
    : `Studio needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${version}: https://nodejs.org/en/download`;
};

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** `npm install NAME` writes the lock file last of all, so a newer one may still name what is there. */
const differ = (wantedFile, installedFile) => {
  const installed = readPackages(installedFile);
  return Object.entries(readPackages(wantedFile)).some(
    ([path, { version, optional }]) => path !== '' && !optional && installed[path]?.version !== version,
  );
};

/** npm writes its hidden lock file when all packages are there, so an interrupted installation is noticed as well. */
const lacksPackages = (root) => {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  const wantedFile = join(root, 'package-lock.json');
  const installed = statSync(installedFile, { throwIfNoEntry: false });
  if (installed === undefined) return true;
  const wanted = statSync(wantedFile, { throwIfNoEntry: false });
  return wanted !== undefined && wanted.mtimeMs > installed.mtimeMs && differ(wantedFile, installedFile);
};

/**
 * What is missing and how to get it; changes nothing. `packages`: npm packages; `system`: commands for root, `null` when
 * nothing is missing there, `[]` when no known package manager is here.
 */
export const planSetup = ({ root, env }) => {
  const lacking = [];
  if (!env.REDIS_URL && !SERVERS.some((server) => isOnPath(server, env))) lacking.push('redis');
  if (!isOnPath('git', env)) lacking.push('git');
  const manager = MANAGERS.find(({ program }) => isOnPath(program, env));
  const names = lacking.map((name) => (name === 'redis' && manager ? manager.redis : name));
  return {
    packages: lacksPackages(root),
    lacking,
    system: lacking.length === 0 ? null : (manager?.commands(names) ?? []),
    anyUser: manager?.anyUser === true,
  };
};

const run = (command, { cwd, env }) => {
  // stdout belongs to the command that is set up for; an installer talks on stderr.
  const { status, error } = spawnSync(command, { shell: '/bin/sh', cwd, env, stdio: ['ignore', 2, 2] });
  return error === undefined && status === 0;
};

/** Debian starts a service on installation unless this file says no; the embedded Redis is all that is needed. */
const withoutStartingServices = (policyFile, action) => {
  const isOurs = existsSync(dirname(policyFile)) && !existsSync(policyFile);
  if (isOurs) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return action();
  } finally {
    if (isOurs) rmSync(policyFile, { force: true });
  }
};

const refuse = (say, lines) => {
  for (const line of lines) say(line);
  return EXIT_UNREACHABLE;
};

const installSystem = ({ lacking, system, anyUser }, { env, uid, say, root, policyFile }) => {
  const what = lacking.join(' and ');
  if (system.length === 0)
    return refuse(say, [`${what} missing, and no known package manager: install ${what}, then try again`]);
  if (uid !== 0 && !anyUser) {
    const command = system.map((line) => `sudo ${line}`).join(' && ');
    return refuse(say, [`${what} missing, and only root may install: run this, then try again`, command]);
  }
  say(`installing ${what}: ${system.join(' && ')}`);
  const options = { cwd: root, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  const isDone = withoutStartingServices(policyFile, () => system.every((command) => run(command, options)));
  return isDone ? 0 : refuse(say, [`could not install ${what}; run this by hand, then try again`, system.join(' && ')]);
};

const installPackages = ({ root, env, say }) => {
  const command = 'npm ci --include=dev --ignore-scripts --no-audit --no-fund';
  say(`installing npm packages: ${command}`);
  return run(command, { cwd: root, env }) ? 0 : refuse(say, ['could not install the npm packages; see above']);
};

const describe = ({ system, packages, lacking }, say) => {
  if (system !== null) say(`missing: ${lacking.join(', ')}; would run: ${system.join(' && ') || 'nothing'}`);
  if (packages) say('missing: npm packages; would run: npm ci');
  return packages || system !== null ? EXIT_UNREACHABLE : 0;
};

/**
 * Makes the machine ready; with `check` only says what it would do.
 * @param {{root: string, env: Record<string, string | undefined>, uid?: number, version?: string, check?: boolean,
 *   policyFile?: string, say?: (line: string) => void}} options
 * @returns {number} an exit code: 0 ready, 4 something is missing
 */
export const setUp = ({ check = false, say = console.error, ...options }) => {
  const { root, env, uid = process.getuid?.(), version = process.versions.node } = options;
  const { policyFile = '/usr/sbin/policy-rc.d' } = options;
  const problem = nodeProblem(version);
  if (problem !== null) return refuse(say, [problem]);
  const plan = planSetup({ root, env });
  if (check) return describe(plan, say);
  const code = plan.system === null ? 0 : installSystem(plan, { env, uid, say, root, policyFile });
  return code === 0 && plan.packages ? installPackages({ root, env, say }) : code;
};
