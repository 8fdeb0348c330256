import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { RUN_MARK } from './processes.ts';

/**
 * Waits for the end of its input, which is the end of the lease or of the worker, however it dies, and then kills every
 * group it was told of and every process that carries a mark of the lease (`$1`), also one that left its group.
 * Lines: `+<pid>` a group started, `-<pid>` it is gone.
 */
const SCRIPT = `
groups=' '
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) groups="$groups$pid " ;;
    -*) groups="\${groups%% $pid *} \${groups#* $pid }" ;;
  esac
done
for pid in $groups; do kill -KILL -- "-$pid"; done
[ -d /proc/self ] || exit 0
for round in 1 2 3 4 5; do
  found=$(grep -lzs "^${RUN_MARK}=$1-" /proc/[0-9]*/environ)
  [ -n "$found" ] || exit 0
  for place in $found; do place=\${place%/environ}; kill -KILL "\${place#/proc/}"; done
done
`;

/**
 * Parent-death kill for everything that one lease runs. A pipe is used because it holds for whole groups and on every
 * Unix; `setpriv --pdeathsig` reaches only the first process of each, and only on Linux.
 */
export interface Guard {
  readonly watch: (pid: number) => void;
  readonly release: (pid: number) => void;
  /** Kills what is left of the lease. */
  readonly end: () => Promise<void>;
}

export const startGuard = (markPrefix: string, path: string): Guard => {
  const guard = spawn('sh', ['-c', SCRIPT, 'studio-guard', markPrefix], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: path },
  });
  const ended = once(guard, 'exit').catch(() => undefined);
  // A guard that was killed must not take its worker with it; the next lease still kills survivors.
  guard.stdin.on('error', () => undefined);
  guard.on('error', () => undefined);
  guard.unref();
  const tell = (line: string) => {
    if (guard.stdin.writable) guard.stdin.write(`${line}\n`);
  };
  return {
    watch: (pid) => tell(`+${pid}`),
    release: (pid) => tell(`-${pid}`),
    end: async () => {
      guard.stdin.end();
      guard.ref();
      await ended;
    },
  };
};
