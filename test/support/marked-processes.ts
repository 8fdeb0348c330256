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

/** Living processes whose command line names a folder. */
export const processesOf = async (folder: string): Promise<readonly string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(
    pids.map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')).replaceAll('\0', ' ')),
  );
  return lines.filter((line) => line.includes(folder));
};
