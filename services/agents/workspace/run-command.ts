import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandOutcome } from '#engines';
import { WorkspaceError } from '#repository';
import { pauseAndRead } from '#runtime';
import { captureOutput } from './captured-output.ts';
import type { Guard } from './guard.ts';
import { groupRuns, killMarked, processRuns, RUN_MARK, signalProcess } from './processes.ts';
import type { Redact } from './redact.ts';
import { createMark, writeDown } from './running-commands.ts';
import type { Confinement } from './sandbox/confinement.ts';
import type { LeaseName } from './worktree.ts';

/**
 * Waits for a line on descriptor 3 before it becomes the command: by then the process is written down. When the worker
 * dies before, the line never comes and nothing runs.
 */
const GATED = 'read -r go <&3 || exit 125; exec 3<&-; exec "$@" 2>&1';
/** Where a sandbox writes which process is the first in it. */
const INFO_FD = 4;

/** Time that a command gets between SIGTERM and SIGKILL. */
const GRACE_MS = 5_000;
/** Output may arrive after the end of a process; a pipe still open after this is held by something that escaped. */
const DRAIN_MS = 250;

export interface RunRequest {
  readonly command: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly redact: Redact;
  readonly cacheDir: string;
  readonly name: LeaseName;
  readonly guard: Guard;
  /** The sandbox to run it in. */
  readonly confinement: Confinement | null;
}

/**
 * Runs a shell command in a process group of its own. When it ends, times out or is aborted, its whole tree is gone
 * before this settles: what it left in the background is killed, too.
 * @throws the signal's reason when aborted, at most 5 s after, and at once unless the command ignores SIGTERM
 */
export const runCommand = async (request: RunRequest): Promise<CommandOutcome> => {
  const { signal, guard, cacheDir, name, confinement } = request;
  signal.throwIfAborted();
  await confinement?.refresh();
  const started = performance.now();
  const mark = createMark(name);
  const child = start(request, mark);
  const output = captureOutput();
  child.stdout?.on('data', output.add);
  const exited = once(child, 'exit');
  const closed = once(child, 'close').catch(() => undefined);
  const pid = await pidOf(child, exited, request);
  const strikeOut = writeDown(cacheDir, mark, pid, name);
  guard.watch(pid);
  const stop = stopper(pid, mark, firstInside(child));
  letGo(child);
  const timer = setTimeout(stop.begin, request.timeoutMs, 'timeout');
  const abort = () => stop.begin('abort');
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();

  const [exitCode, killedBy] = await exited;
  clearTimeout(timer);
  signal.removeEventListener('abort', abort);
  await stop.finish();
  await Promise.race([closed, pauseAndRead(DRAIN_MS, { ref: false })]);
  child.stdout?.destroy();
  guard.release(pid);
  strikeOut();
  if (stop.cause() === 'abort') signal.throwIfAborted();
  return {
    exitCode,
    signal: killedBy,
    timedOut: stop.cause() === 'timeout',
    output: request.redact(withRemarks(output.text(), confinement, exitCode !== 0)),
    durationMs: Math.round(performance.now() - started),
  };
};

const start = ({ command, directory, environment, confinement }: RunRequest, mark: string) => {
  const shell = { file: 'sh', args: ['-c', command] };
  const { file, args } = confinement?.confine(shell, undefined, INFO_FD) ?? shell;
  return spawn('sh', ['-c', GATED, 'studio', file, ...args], {
    cwd: directory,
    env: { ...environment, [RUN_MARK]: mark },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe', ...(confinement === null ? [] : ['pipe' as const])],
  });
};

const withRemarks = (output: string, confinement: Confinement | null, failed: boolean): string => {
  const remarks = confinement?.remarks(output, failed) ?? [];
  if (remarks.length === 0) return output;
  return [output === '' || output.endsWith('\n') ? output : `${output}\n`, ...remarks.map((line) => `${line}\n`)].join(
    '',
  );
};

/** The process that all others of a sandbox die with, as this side numbers it; `null` until it is there. */
const firstInside = (child: ChildProcess): (() => number | null) => {
  const info = child.stdio[INFO_FD];
  let said = '';
  if (info && 'read' in info)
    info.on('error', () => undefined).on('data', (chunk: Buffer) => (said += chunk.toString()));
  return () => {
    const found = /"child-pid": (\d+)/.exec(said)?.[1];
    return found === undefined ? null : Number(found);
  };
};

const pidOf = async (child: ChildProcess, exited: Promise<unknown>, { directory, command }: RunRequest) => {
  if (child.pid !== undefined) return child.pid;
  const cause = await exited.catch((error: unknown) => error);
  throw new WorkspaceError(
    'command_not_started',
    `no shell could be started in ${directory}: the folder must exist and sh be on the PATH`,
    { directory, command },
    { cause },
  );
};

const letGo = (child: ChildProcess) => {
  const gate = child.stdio[3];
  if (!gate || !('end' in gate)) return;
  // The process may be dead already (aborted, killed): then there is nobody to read.
  gate.on('error', () => undefined);
  gate.end('go\n');
};

type Cause = 'timeout' | 'abort';

/** What dies with the first process of a sandbox is dead a moment later. */
const INSIDE_MS = 5_000;

const insideGone = async (first: number | null): Promise<void> => {
  const deadline = performance.now() + INSIDE_MS;
  while (first !== null && performance.now() < deadline && processRuns(first)) {
    signalProcess(first, 'SIGKILL');
    await delay(2);
  }
};

/**
 * Ends a group: asks, waits, kills. Whatever escaped the group is found by its mark. In a sandbox it is the group inside
 * that is asked, for whoever holds the sandbox would take it along at once.
 */
const stopper = (pid: number, mark: string, firstInSandbox: () => number | null) => {
  let cause: Cause | null = null;
  let deadline = 0;
  let force: NodeJS.Timeout | undefined;
  return {
    cause: () => cause,
    begin: (why: Cause) => {
      if (cause !== null) return;
      cause = why;
      deadline = performance.now() + GRACE_MS;
      signalProcess(-(firstInSandbox() ?? pid), 'SIGTERM');
      force = setTimeout(() => signalProcess(-pid, 'SIGKILL'), GRACE_MS);
    },
    /** Call after the first process has ended: the others of its group get the rest of the grace, or none. */
    finish: async () => {
      while (performance.now() < deadline && (await groupRuns(pid))) await delay(20);
      clearTimeout(force);
      signalProcess(-pid, 'SIGKILL');
      await insideGone(firstInSandbox());
      if (cause !== null) await killMarked((found) => found === mark);
    },
  };
};
