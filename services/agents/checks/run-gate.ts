import { type CheckContext, endOf } from './verify.ts';

/** What a gate says of the files as they lie there. */
export interface GateVerdict {
  readonly verdict: 'green' | 'red' | 'not_available';
  readonly exitCode: number | null;
  readonly output: string;
  readonly durationMs: number;
}

/** The shell says 127 when there is no such program, and `npm run` passes that on. */
const NO_SUCH_PROGRAM = 127;
/** Launchers that start a tool by name end with a code of their own when it is not installed. */
const NO_SUCH_TOOL = /No module named (?:ruff|mypy|pytest)$|no such command: `clippy`|^make: \*\*\* .*\bError 127$/m;

/**
 * Runs the command of a gate once.
 * @throws the signal's reason when aborted
 */
export const runGate = async (command: string, { run, signal, timeoutMs }: CheckContext): Promise<GateVerdict> => {
  signal.throwIfAborted();
  const outcome = await run(command, timeoutMs === undefined ? {} : { timeoutMs });
  const { exitCode, timedOut, durationMs } = outcome;
  const output = endOf(timedOut ? `${outcome.output}\nstopped after ${durationMs} ms` : outcome.output);
  return { verdict: verdictOf(exitCode, timedOut, outcome.output), exitCode, output, durationMs };
};

const verdictOf = (exitCode: number | null, timedOut: boolean, output: string): GateVerdict['verdict'] => {
  if (exitCode === 0 && !timedOut) return 'green';
  return exitCode === NO_SUCH_PROGRAM || NO_SUCH_TOOL.test(output) ? 'not_available' : 'red';
};
