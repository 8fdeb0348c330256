import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pauseAndRead } from '#runtime';
import type { Needs } from '#sandbox';
import type { EngineContext } from '../engine.ts';

/** Kept before secrets are removed, so that no cut goes through the middle of one that is shown. */
const STDERR_KEPT = 16_000;
const STDERR_SHOWN = 4_000;
/** Never the environment of the worker, which holds its secrets. */
const CLEAN_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** How long an agent may take: to end by itself when nobody talks to it any more, then after SIGTERM. */
export interface Patience {
  readonly closeMs: number;
  readonly termMs: number;
}
/** An agent may have to write down its conversation. */
export const PATIENT: Patience = { closeMs: 2_000, termMs: 1_000 };
/** All of it is gone within the second that an abort has. */
export const URGENT: Patience = { closeMs: 100, termMs: 300 };

export type Exit = { readonly code: number | null; readonly signal: string | null };

export interface AgentProgram {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when the first process has ended, whatever holds its output still. */
  readonly exited: Promise<Exit>;
  /** Whether it ends by itself in that time. */
  readonly endsWithin: (ms: number) => Promise<boolean>;
  /** The end of standard error, secrets removed. */
  readonly stderr: () => string;
  /** Ends it and all that it started: asks, waits, kills, and looks for what left its group. */
  readonly end: (patience: Patience) => Promise<void>;
}

const signalGroup = (pid: number | undefined, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the whole group is gone already.
  }
};

/** Starts an agent under the rules of the workspace: marked environment, sandbox in force, a group of its own. */
export const startProgram = (
  command: string,
  environment: Readonly<Record<string, string>>,
  context: EngineContext,
  needs: Needs,
): AgentProgram => {
  const confine = context.confine ?? ((program) => program);
  const { file, args } = confine({ file: 'sh', args: ['-c', command] }, needs);
  const child = spawn(file, args, {
    cwd: context.directory,
    env: { ...(context.env ?? CLEAN_ENV), ...environment },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  // Whoever is gone reads nothing any more, and that it is gone is known from its end.
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit').then(
    ([code, signal]): Exit => ({ code, signal }),
    (error: Error): Exit => {
      stderr += `\n${error.message}`;
      return { code: 127, signal: null };
    },
  );
  const hasEnded = exited.then(() => true);
  const endsWithin = (ms: number) => Promise.race([hasEnded, pauseAndRead(ms, { ref: false }).then(() => false)]);
  const redact = context.redact ?? ((text: string) => text);
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    exited,
    endsWithin,
    stderr: () => redact(stderr).trim().slice(-STDERR_SHOWN),
    end: async ({ closeMs, termMs }) => {
      child.stdin.end();
      if (!(await endsWithin(closeMs))) {
        signalGroup(child.pid, 'SIGTERM');
        await endsWithin(termMs);
      }
      signalGroup(child.pid, 'SIGKILL');
      await exited;
      // Agents start commands in sessions of their own, which no signal to the group reaches.
      await context.sweep?.();
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
    },
  };
};
