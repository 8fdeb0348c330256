import { execa } from 'execa';
import type { Needs } from '#sandbox';
import type { EngineContext, ProgramOutcome, ProgramRequest, RunProgram } from '../engine.ts';

/** From SIGTERM to SIGKILL: within the second that an abort has. */
const GRACE_MS = 500;
/** Enough for a stack trace. */
const STDERR_TAIL = 4_000;
/** Kept before secrets are removed, so that no cut goes through the middle of one that is shown. */
const STDERR_KEPT = 4 * STDERR_TAIL;
/** Never the environment of the worker, which holds its secrets. */
const CLEAN_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

const killGroup = (pid: number | undefined, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the whole group is gone already.
  }
};

/** Cuts a stream into lines, joining what chunks and characters of several bytes were split over. */
const createLineReader = (onLine: (line: string) => void) => {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    push(chunk: Uint8Array) {
      const text = decoder.decode(chunk, { stream: true });
      if (!text.includes('\n')) {
        rest += text; // Without searching all of a very long line again at each chunk.
        return;
      }
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    },
    end() {
      rest += decoder.decode();
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
};

type Place = Pick<EngineContext, 'directory' | 'env' | 'confine'>;

const start = (command: string, stdin: string, { directory, env, confine }: Place, needs: Needs | undefined) => {
  const shell = { file: 'sh', args: ['-c', command] };
  const { file, args } = confine?.(shell, needs) ?? shell;
  return execa(file, args, {
    cwd: directory,
    input: stdin,
    env: { ...(env ?? CLEAN_ENV) },
    extendEnv: false,
    // Its own process group, so that what the program starts ends with it.
    detached: true,
    buffer: false,
    reject: false,
    encoding: 'buffer',
  });
};

/**
 * Runs an engine's program: one document on standard input, lines on standard output. When it ends, for whatever reason,
 * every process of its group is ended too.
 */
export const createRunProgram =
  (context: Place & Pick<EngineContext, 'redact'>, needs?: Needs): RunProgram =>
  async ({ command, stdin, timeoutMs, onLine, signal, maxOutputBytes }: ProgramRequest): Promise<ProgramOutcome> => {
    const redact = context.redact ?? ((text: string) => text);
    if (signal.aborted) return { exitCode: null, signal: null, ended: 'aborted', stderr: '' };
    const child = start(command, stdin, context, needs);
    let ended: ProgramOutcome['ended'] = 'exit';
    let killTimer: NodeJS.Timeout | undefined;
    let pipeTimer: NodeJS.Timeout | undefined;
    const stop = (why: ProgramOutcome['ended']): void => {
      if (ended !== 'exit') return;
      ended = why;
      killGroup(child.pid, 'SIGTERM');
      killTimer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), GRACE_MS);
    };
    const onAbort = (): void => stop('aborted');
    signal.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => stop('timeout'), timeoutMs);

    let bytes = 0;
    let stderr = '';
    const isAccepted = (chunk: Uint8Array): boolean => {
      bytes += chunk.byteLength;
      if (bytes > maxOutputBytes) stop('too_much_output');
      return ended === 'exit';
    };
    const lines = createLineReader((line) => {
      if (ended === 'exit') onLine(line);
    });
    child.stdout.on('data', (chunk: Uint8Array) => isAccepted(chunk) && lines.push(chunk));
    child.stderr.on('data', (chunk: Uint8Array) => {
      if (isAccepted(chunk)) stderr = (stderr + Buffer.from(chunk).toString('utf8')).slice(-STDERR_KEPT);
    });
    // What the program leaves behind would keep the pipes open and the result waiting; its own end counts.
    child.once('exit', () => {
      killGroup(child.pid, 'SIGKILL');
      const destroy = () => [child.stdout, child.stderr].map((pipe) => pipe.destroy());
      // Not at once: after a stall timers come before what arrived meanwhile.
      pipeTimer = setTimeout(() => setImmediate(destroy), GRACE_MS);
    });
    try {
      const result = await child;
      lines.end();
      const notStarted = child.pid === undefined;
      const why = notStarted ? 'not_started' : ended;
      return {
        exitCode: result.exitCode ?? null,
        signal: result.signal ?? null,
        ended: why,
        stderr: redact(stderr).slice(-STDERR_TAIL),
      };
    } finally {
      clearTimeout(timer);
      clearTimeout(killTimer);
      clearTimeout(pipeTimer);
      signal.removeEventListener('abort', onAbort);
      killGroup(child.pid, 'SIGKILL');
    }
  };
