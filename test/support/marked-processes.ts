import { readdir, readFile } from 'node:fs/promises';

/** Living processes that a lease started, found by the mark in their environment. */
export const marksOf = async (orchestration: string, lease: number): Promise<readonly number[]> => {
  const mark = `STUDIO_RUN_MARK=${orchestration}-${lease}-`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.split('\0').some((entry) => entry.startsWith(mark));
    }),
  );
  return pids.filter((_, index) => found[index]);
};

interface Living {
  readonly pid: number;
  readonly command: string;
}

const livingOf = async (text: string): Promise<readonly Living[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const all = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      return { pid: Number(pid), command: line.replaceAll('\0', ' ') };
    }),
  );
  return all.filter(({ command }) => command.includes(text));
};

/** Living processes whose command line names a folder. */
export const processesOf = async (folder: string): Promise<readonly string[]> =>
  (await livingOf(folder)).map(({ command }) => command);

/** The same as ids, to kill them. */
export const pidsOf = async (text: string): Promise<readonly number[]> => (await livingOf(text)).map(({ pid }) => pid);

/** SIGKILL to all that still run: the end of one may be that of others. */
export const killAll = (pids: readonly number[]): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ESRCH: it has ended.
    }
  }
};
