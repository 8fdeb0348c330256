import type { Capabilities, EngineContext, EngineRequest, ProgramOutcome } from '../engine.ts';
import { type FinalMessage, readLine, requestDocument } from './protocol.ts';
import { createRunProgram } from './run-program.ts';

export interface CommandEngineOptions {
  readonly name: string;
  /** A shell command line; it runs in the worktree, so a program of the repository is named relative to it. */
  readonly command: string;
  readonly can: Capabilities;
  /** Of one request; a program that has not ended by then is killed. Default: 30 minutes. */
  readonly timeoutMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 30 * 60_000;
/** A plan of 500 steps is far below it. */
export const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
/** How long a program may go on after its last word before it is ended. */
const LINGER_MS = 2_000;
/** Of one progress line. Whoever shows it cuts it shorter, once its secrets are gone. */
const MAX_PROGRESS = 16_000;

export interface Conversation {
  readonly outcome: ProgramOutcome;
  readonly final: FinalMessage | null;
  /** The first thing the program said that breaks the protocol. */
  readonly problem: string | null;
}

/** Runs the program once and listens until it has said its last word or has ended. */
export const converse = async (
  options: CommandEngineOptions,
  request: EngineRequest,
  context: EngineContext,
): Promise<Conversation> => {
  const runProgram = context.runProgram ?? createRunProgram(context, { engine: options.name });
  const enough = new AbortController();
  let final: FinalMessage | null = null;
  let problem: string | null = null;
  let lingering: NodeJS.Timeout | undefined;

  const conclude = (said: FinalMessage | string): void => {
    if (typeof said === 'string') problem ??= said;
    else if (final !== null) problem ??= `it said ${final.type} and then ${said.type}`;
    else final = said;
    lingering ??= setTimeout(() => enough.abort(), LINGER_MS);
  };
  const onLine = (line: string): void => {
    const read = readLine(line);
    switch (read.kind) {
      case 'progress':
        if (read.message !== '') context.progress(read.message.slice(0, MAX_PROGRESS));
        break;
      case 'learning':
        context.learned?.({ domain: read.message.domain ?? null, text: read.message.text });
        break;
      case 'usage':
        context.used?.(read.usage);
        break;
      case 'malformed':
        conclude(read.problem);
        break;
      case 'final':
        conclude(read.message);
    }
  };

  const outcome = await runProgram({
    command: options.command,
    stdin: `${JSON.stringify(requestDocument(request, context))}\n`,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    onLine,
    signal: AbortSignal.any([context.signal, enough.signal]),
    maxOutputBytes: MAX_OUTPUT_BYTES,
  }).finally(() => clearTimeout(lingering));
  context.signal.throwIfAborted();
  return { outcome, final, problem };
};
