import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { openOwnNetwork } from './network/own-network.ts';
import type { SandboxPolicy } from './policy.ts';
import type { Environment } from './system-view.ts';

const run = promisify(execFile);

/** What the machine can do under a policy. */
export type Detected =
  | { readonly kind: 'bubblewrap'; readonly bubblewrap: string; readonly nsenter: string; readonly version: string }
  | { readonly kind: 'none'; readonly reason: string; readonly remedy: string };

const PROBE_MS = 20_000;

const findProgram = async (name: string, path: string): Promise<string | null> => {
  for (const folder of path.split(delimiter).filter((place) => place !== '')) {
    const found = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return join(folder, name);
  }
  return null;
};

const none = (reason: string, remedy: string): Detected => ({ kind: 'none', reason, remedy });

const INSTALL = 'install bubblewrap: apt-get install -y bubblewrap, dnf install -y bubblewrap, or apk add bubblewrap';
const ALLOW =
  'let this user make namespaces: in a container --security-opt seccomp=unconfined --security-opt systempaths=unconfined, on Ubuntu an AppArmor profile for bwrap';

/** Always: namespaces of its own, no rights, no terminal, and an end with whoever started it. */
export const isolation = ({ network, nested }: Pick<SandboxPolicy, 'network' | 'nested'>): readonly string[] => [
  ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
  ...['--cap-drop', 'ALL', '--die-with-parent', '--new-session'],
  ...(network === 'none' ? ['--unshare-net'] : []),
  ...(nested ? [] : ['--disable-userns']),
];

const tryOut = async (policy: SandboxPolicy, bubblewrap: string, nsenter: string, env: Environment) => {
  const clean = { PATH: env.PATH ?? '' };
  const network =
    policy.network === 'allow-list'
      ? await openOwnNetwork({
          bubblewrap,
          nsenter,
          env: clean,
          localPorts: [],
          allow: () => [],
          refused: () => undefined,
        })
      : null;
  try {
    const view = ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--remount-ro', '/'];
    const [file = bubblewrap, ...args] = [...(network?.enter ?? []), bubblewrap, ...isolation(policy), ...view];
    await run(file, [...args, '--', 'true'], { timeout: PROBE_MS, env: clean });
  } finally {
    network?.end();
  }
};

/** Tries it: whether namespaces may be made depends on the kernel, its settings and whatever this runs in. */
export const detectSandbox = async (policy: SandboxPolicy, env: Environment): Promise<Detected> => {
  if (policy.mode === 'off') return none('it is off', 'set sandbox.mode to auto in .studio/config.yaml');
  if (process.platform !== 'linux') return none(`there is none for ${process.platform}`, 'run Studio on Linux');
  const path = env.PATH ?? '';
  const [bubblewrap, nsenter] = await Promise.all(['bwrap', 'nsenter'].map((name) => findProgram(name, path)));
  if (!bubblewrap) return none('bwrap is not on the PATH', INSTALL);
  if (!nsenter && policy.network === 'allow-list')
    return none('nsenter is not on the PATH', 'install util-linux, or set sandbox.network to none or open');
  try {
    await tryOut(policy, bubblewrap, nsenter ?? '', env);
    const { stdout } = await run(bubblewrap, ['--version']);
    return { kind: 'bubblewrap', bubblewrap, nsenter: nsenter ?? '', version: stdout.trim() };
  } catch (error) {
    const said = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return none(`bubblewrap does not work here: ${said}`, ALLOW);
  }
};
