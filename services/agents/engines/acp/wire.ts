import { setTimeout as delay } from 'node:timers/promises';
import { type ClientConnection, RequestError } from '@agentclientprotocol/sdk/unstable';
import type * as z from 'zod';
import { pauseAndRead } from '#runtime';
import { wasKilled } from '../command/program-end.ts';
import type { EngineContext } from '../engine.ts';
import { type Clock, startClock } from './clock.ts';
import { closedBecause, connectAgent, type Listener, saysTooMuch } from './connection.ts';
import { type AcpEngineOptions, settingOf } from './options.ts';
import { type AgentProgram, type Exit, PATIENT, startProgram, URGENT } from './program.ts';
import { type AgentTrouble, cannot, failed, judgeError } from './trouble.ts';

/** What an agent wrote just before it ended may still be on its way. */
const LAST_WORDS_MS = 100;
/** An agent that closes its output mostly is about to end, and its exit code says more: on a busy machine, later. */
const ENDING_MS = 2_000;
/** From the notice of a cancel to the answer of the prompt: measured, it takes 0.02 to 0.15 s. */
const CANCEL_MS = { patient: 2_000, urgent: 200 };

/** A running agent, and everything that can go wrong with it. */
export interface Wire {
  readonly agent: ClientConnection['agent'];
  /** Rejects as soon as there is nothing to wait for any more. Never resolves. */
  readonly trouble: Promise<never>;
  readonly fail: (error: Error) => void;
  /** Puts a request. @throws {AgentTrouble} it was refused, is not what was asked for, or never came */
  readonly ask: <T>(doing: string, schema: z.ZodType<T>, send: () => Promise<unknown>) => Promise<T>;
  /** Limits the time from now on. */
  readonly startClock: (timeoutMs: number) => Clock;
  /** Ways to log in, as the agent names them. */
  readonly setLogins: (names: readonly string[]) => void;
  /** Ends the agent, after it was told to stop what it is at. */
  readonly end: (cancel: () => Promise<unknown>) => Promise<void>;
}

/** The codes with which a shell says "not executable" and "not found". */
const NOT_FOUND: ReadonlySet<number | null> = new Set([126, 127]);

const howEnded = ({ code, signal }: Exit): string => (signal === null ? `exit code ${code}` : signal);

const endedEarly = (options: AcpEngineOptions, exit: Exit, program: AgentProgram): AgentTrouble => {
  const { name, command, preset } = options;
  const said = program.stderr() === '' ? '' : `\n${program.stderr()}`;
  if (!NOT_FOUND.has(exit.code))
    return failed(
      `engine ${name}: the agent ended with ${howEnded(exit)} in the middle of its work${said}`,
      wasKilled({ exitCode: exit.code, signal: exit.signal }) ? { category: 'transient' } : {},
    );
  const install = preset ? `install it (npm install -g ${preset.install})` : 'install the program';
  return cannot(
    `engine ${name} could not start \`${command}\`${said}`,
    `${install}, or correct ${settingOf(options, 'command')}`,
  );
};

const createTrouble = () => {
  let fail: (error: Error) => void = () => undefined;
  const trouble = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  // Whoever waits for it hears of it; before anybody does, it is no error of ours.
  trouble.catch(() => undefined);
  return { trouble, fail };
};

/** Tells when the program ends, or ends the talk, without being asked to. */
const watch = (
  options: AcpEngineOptions,
  program: AgentProgram,
  connection: ClientConnection,
  fail: (error: Error) => void,
): void => {
  void program.exited.then(async (exit) => {
    await pauseAndRead(LAST_WORDS_MS);
    fail(endedEarly(options, exit, program));
  });
  void connection.closed.then(async () => {
    // What is too much is why the program ends then, and not the other way round.
    if (!saysTooMuch(connection.signal.reason) && (await program.endsWithin(ENDING_MS))) return;
    fail(failed(`engine ${options.name}: ${closedBecause(connection.signal.reason)}`));
  });
};

/** Starts an agent and connects to it. Call `end`, whatever happens. */
export const createWire = (
  options: AcpEngineOptions,
  context: EngineContext,
  listener: Omit<Listener, 'onLife'>,
): Wire => {
  const { name, silenceMs } = options;
  const { signal } = context;
  const program = startProgram(options.command, options.environment, context, { engine: name, ...options.needs });
  const { trouble, fail } = createTrouble();
  let clock: Clock | null = null;
  let logins: readonly string[] = [];
  const connection = connectAgent(program, { ...listener, onLife: () => clock?.touch() });
  const onAbort = (): void => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  watch(options, program, connection, fail);
  return {
    agent: connection.agent,
    trouble,
    fail,
    ask: async (doing, schema, send) => {
      const reply = await Promise.race([send(), trouble]).catch((error: unknown) => {
        if (error instanceof RequestError) throw judgeError(name, doing, error, logins);
        return trouble; // Either it is what was thrown, or it says why the connection is gone.
      });
      const parsed = schema.safeParse(reply);
      if (parsed.success) return parsed.data;
      throw failed(`engine ${name}: the agent answered ${doing} with what the protocol does not know`);
    },
    startClock: (timeoutMs) => {
      clock?.stop();
      clock = startClock({
        timeoutMs,
        silenceMs,
        onExpired: (which) => {
          const text =
            which === 'timeout' ? `did not end within ${timeoutMs / 1_000} s` : `was silent for ${silenceMs / 1_000} s`;
          fail(failed(`engine ${name}: the agent ${text} and was ended`, { category: 'transient' }));
        },
      });
      return clock;
    },
    setLogins: (names) => {
      logins = names;
    },
    end: async (cancel) => {
      clock?.stop();
      signal.removeEventListener('abort', onAbort);
      const waitMs = signal.aborted ? CANCEL_MS.urgent : CANCEL_MS.patient;
      await Promise.race([cancel().catch(() => undefined), delay(waitMs, undefined, { ref: false })]);
      await program.end(signal.aborted ? URGENT : PATIENT);
      connection.close();
    },
  };
};
