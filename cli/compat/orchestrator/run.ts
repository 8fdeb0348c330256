import type { Script } from '../script-io.ts';
import { voiceOf } from '../words.ts';
import { agentComplete, agentFail, agentStart, getHandoff, handoff, recover } from './agents.ts';
import { type Command, type Desk, NoSession } from './desk.ts';
import { HELP } from './help.ts';
import { type OpenClient, openClient } from './open-client.ts';
import { route } from './route.ts';
import { checkpoint, cleanup, init, resume, state, status } from './session-commands.ts';
import { sessionsOf } from './sessions.ts';

const help: Command = (_args, { io }) => {
  io.out(HELP);
  return 0;
};

/** What each takes, as usage shows it; `<…>` must be there. */
const COMMANDS: ReadonlyMap<string, { readonly takes: readonly string[]; readonly run: Command }> = new Map([
  ['init', { takes: ['<goal>', '[mode]'], run: init }],
  ['state', { takes: ['[id]'], run: state }],
  ['route', { takes: ['[goal]'], run: route }],
  ['agent-start', { takes: ['<agent>'], run: agentStart }],
  ['agent-complete', { takes: ['<agent>', '[json]'], run: agentComplete }],
  ['agent-fail', { takes: ['<agent>', '<error>'], run: agentFail }],
  ['checkpoint', { takes: ['<name>'], run: checkpoint }],
  ['resume', { takes: ['[checkpoint]'], run: resume }],
  ['handoff', { takes: ['<from>', '<to>', '[json]'], run: handoff }],
  ['get-handoff', { takes: ['<agent>'], run: getHandoff }],
  ['recover', { takes: ['[agent]'], run: recover }],
  ['status', { takes: [], run: status }],
  ['cleanup', { takes: ['[id]'], run: cleanup }],
  ['help', { takes: [], run: help }],
  ['--help', { takes: [], run: help }],
  ['-h', { takes: [], run: help }],
]);

/** Connects when it is asked for the first time, and only then has something to close. */
const lazily = (open: () => Promise<OpenClient>) => {
  let session: Promise<OpenClient> | null = null;
  return {
    get: (): Promise<OpenClient> => {
      session ??= open();
      return session;
    },
    close: async (): Promise<void> => (await session?.catch(() => null))?.close(),
  };
};

/** A line for each thing that is wrong: the message of an error with several has all of them in one. */
const linesOf = (error: unknown): readonly string[] => {
  if (!(error instanceof Error)) return [String(error)];
  const problems = 'problems' in error && Array.isArray(error.problems) ? error.problems.map(String) : [];
  return problems.length > 0 ? problems : [error.message];
};

/** `scripts/orchestrator.sh`: each command is one call of the client, like those of `studio`. */
export const orchestrator: Script = async ([name = 'help', ...args], io) => {
  const voice = voiceOf('Orchestrator', io);
  const command = COMMANDS.get(name);
  if (!command) {
    voice.fail(`Unknown command: ${name}`);
    io.err(HELP);
    return 1;
  }
  const { takes, run } = command;
  if (takes.some((argument, index) => argument.startsWith('<') && !args[index]))
    return voice.fail(`Usage: orchestrator.sh ${[name, ...takes].join(' ')}`);
  const session = lazily(() => openClient(io));
  const desk: Desk = { io, voice, sessions: sessionsOf(io), studio: async () => (await session.get()).studio };
  try {
    return await run(args, desk);
  } catch (error) {
    if (!(error instanceof NoSession) && io.env.STUDIO_DEBUG && error instanceof Error) io.err(`${error.stack}\n`);
    return voice.fail(...linesOf(error));
  } finally {
    await session.close();
  }
};
