import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { bootId, killMarked, signalProcess, startTimeOf } from './processes.ts';
import type { LeaseName } from './worktree.ts';

/** A command that was started, as it is written down. */
const RunningCommand = z.strictObject({
  mark: z.string(),
  orchestration: z.string(),
  lease: z.int(),
  pid: z.int().positive(),
  startTime: z.string().nullable(),
  boot: z.string().nullable(),
  host: z.string(),
});

const runningOf = (cacheDir: string) => join(cacheDir, 'running');

/** A mark names the lease, so that whoever finds one in `/proc` knows whose it is. */
export const createMark = ({ orchestration, lease }: LeaseName): string =>
  `${orchestration}-${lease}-${randomBytes(6).toString('hex')}`;

const parseMark = (mark: string): LeaseName | null => {
  const [, orchestration, lease] = /^(.+)-(\d+)-[0-9a-f]{12}$/.exec(mark) ?? [];
  return orchestration === undefined ? null : { orchestration, lease: Number(lease) };
};

/**
 * Writes a process down. Synchronous on purpose: the command waits for it, so no command runs that is not written down.
 * @returns a function that strikes it out
 */
export const writeDown = (cacheDir: string, mark: string, pid: number, name: LeaseName): (() => void) => {
  const { orchestration, lease } = name;
  const folder = runningOf(cacheDir);
  const file = join(folder, `${mark}.json`);
  const record = { mark, orchestration, lease, pid, startTime: startTimeOf(pid), boot: bootId(), host: hostname() };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(record satisfies z.infer<typeof RunningCommand>));
  return () => rmSync(file, { force: true });
};

export interface SurvivorRequest {
  readonly cacheDir: string;
  readonly orchestration: string;
  /** Only what older leases left; without it, everything of the orchestration on this host. */
  readonly olderThan?: number;
}

/**
 * Kills what earlier leases of an orchestration left running on this host: by process group as written down, and by
 * mark also what left its group. Call it before the first command of a lease.
 * @returns how many processes were killed
 */
export const killSurvivors = async ({ cacheDir, orchestration, olderThan }: SurvivorRequest): Promise<number> => {
  const isOurs = (name: LeaseName | null) =>
    name?.orchestration === orchestration && (olderThan === undefined || name.lease < olderThan);
  const folder = runningOf(cacheDir);
  await mkdir(folder, { recursive: true });
  const files = (await readdir(folder)).filter((file) => isOurs(parseMark(file.replace(/\.json$/, ''))));
  const marked = await killMarked((mark) => isOurs(parseMark(mark)));
  let groups = 0;
  for (const file of files) {
    const record = await readRecord(join(folder, file));
    if (record !== null && isStillThat(record) && signalProcess(-record.pid, 'SIGKILL')) groups += 1;
  }
  await Promise.all(files.map((file) => rm(join(folder, file), { force: true })));
  return groups + marked;
};

const readRecord = async (file: string) => {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return RunningCommand.parse(JSON.parse(text));
  } catch {
    // Half written: the worker died before its command was let go, so there is nothing to kill.
    return null;
  }
};

/** A process id is used again; with its start time and boot it is the one that was written down. */
const isStillThat = ({ host, boot, pid, startTime }: z.infer<typeof RunningCommand>) =>
  host === hostname() && boot === bootId() && startTimeOf(pid) === startTime;
