import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The variable by which a process is known as ours even after it left its group or its parent died. */
export const RUN_MARK = 'STUDIO_RUN_MARK';

/** Sends a signal to a process (or with a negative id to a group). @returns whether there was one */
export const signalProcess = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

/** Clock ticks from boot to the start of a process; with it a process id is unique. `null` without `/proc`. */
export const startTimeOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, even ") "; field 22 is the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

/** Whether a process still runs; a zombie does not. Needs `/proc`. */
export const processRuns = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
};

/** Whether anything of a group still runs. A zombie does not: nobody may have taken it from the table yet. */
export const groupRuns = async (pgid: number): Promise<boolean> => {
  if (!signalProcess(-pgid, 0)) return false;
  const pids = await processIds();
  if (pids.length === 0) return true;
  const members = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return group === String(pgid) && state !== 'Z' && state !== 'X';
    }),
  );
  return members.includes(true);
};

const processIds = async (): Promise<readonly number[]> => {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
};

export const bootId = (): string | null => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return null;
  }
};

/** Living processes that carry a mark which `isOurs` accepts. Empty where there is no `/proc`. */
export const findMarked = async (isOurs: (mark: string) => boolean): Promise<readonly number[]> => {
  const pids = await processIds();
  const marked = await Promise.all(
    pids.map(async (pid) => {
      // A zombie has no environment any more, so what is found is alive.
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const at = `\0${environment}`.indexOf(`\0${RUN_MARK}=`);
      if (at < 0) return false;
      return isOurs(environment.slice(at + RUN_MARK.length + 1).split('\0', 1)[0] ?? '');
    }),
  );
  return pids.filter((pid, index) => marked[index] && pid !== process.pid);
};

/** On a busy machine what was killed dies when it has its turn; what hangs in the kernel is not waited for. */
const DYING_MS = 5_000;

/** Kills marked processes until there are none: one may start another between the look and the blow. */
export const killMarked = async (isOurs: (mark: string) => boolean): Promise<number> => {
  const killed = new Set<number>();
  const deadline = performance.now() + DYING_MS;
  while (performance.now() < deadline) {
    const pids = await findMarked(isOurs);
    if (pids.length === 0) break;
    for (const pid of pids) {
      killed.add(pid);
      signalProcess(pid, 'SIGKILL');
    }
    await delay(5);
  }
  return killed.size;
};
