import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names one process for ever: pids are reused, a pid together with its start time is not. `start` is opaque: clock ticks
 * since boot on Linux, the start date of `ps` elsewhere.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
}

/** Field 22 of /proc/<pid>/stat, counted behind the name, which may itself hold spaces and parentheses. */
const readProc = (pid: number): string | null => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return state === 'Z' || state === 'X' ? null : (fields[19] ?? null);
};

const readPs = (pid: number): string | null =>
  execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim() || null;

/** Start of a process that runs, or `null`: there is none, or only a zombie. */
const startOf = (pid: number): string | null => {
  try {
    return process.platform === 'linux' ? readProc(pid) : readPs(pid);
  } catch {
    return null;
  }
};

/** @returns `null` when no process has this pid */
export const identifyProcess = (pid: number): ProcessIdentity | null => {
  const start = startOf(pid);
  return start === null ? null : { pid, start };
};

export const ownIdentity = (): ProcessIdentity => identifyProcess(process.pid) ?? { pid: process.pid, start: '' };

/** True only for the very process that was named, never for another that got its pid. */
export const isAlive = ({ pid, start }: ProcessIdentity): boolean => startOf(pid) === start;
