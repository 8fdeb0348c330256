import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connectStudio, type HandFolders, type Studio } from '#client';
import { Call, type CallAnswer, type Config, InvalidInput, StudioError } from '#contracts';
import { problemsOf } from '#orchestrations';
import type { Logger } from '#runtime';
import { parseJson } from './host-file.ts';
import type { Installation } from './installation.ts';

export interface ServeCallsOptions extends Pick<Installation, 'redis' | 'tag' | 'archiveFolder'> {
  /** In a folder that only its owner can open, as is that of Redis. */
  readonly socketPath: string;
  readonly config: Config;
  /** Where work is done by hand. */
  readonly handFolders: () => Promise<HandFolders>;
  readonly logger: Logger;
}

export interface ServedCalls {
  /** Milliseconds since 1970 of the last call, or of the start. */
  readonly lastAt: () => number;
  readonly close: () => Promise<void>;
}

const make = async (studio: Studio, { do: wanted }: Call): Promise<unknown> => {
  switch (wanted.call) {
    case 'submit':
      return studio.submit(wanted.goal, { trigger: 'cli', source: wanted.source });
    case 'route':
      return studio.route(wanted.goal);
    case 'state':
      return studio.state(wanted.id);
    case 'control':
      return studio.control(wanted.id, wanted.command);
    case 'take':
      return studio.take(wanted.id);
    case 'handIn':
      return studio.handIn(wanted.id, wanted.handIn);
    case 'outsideRecovery':
      return studio.outsideRecovery(wanted.id, wanted.agent);
  }
};

const parseCall = (line: string): Call => {
  const parsed = Call.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  // What was said, not the call that it is a part of.
  const problems = problemsOf(parsed.error).map((problem) => problem.replace(/^do\.(command\.)?/, ''));
  throw new InvalidInput('the call', problems);
};

const refusal = (error: unknown, logger: Logger): CallAnswer => {
  if (!(error instanceof StudioError)) logger.error({ err: error }, 'a call failed');
  const { problems } = error instanceof StudioError ? error.details : {};
  return {
    refused: {
      code: error instanceof StudioError ? error.code : 'internal',
      message: error instanceof Error ? error.message : String(error),
      problems: Array.isArray(problems) ? problems.map(String) : [],
    },
  };
};

/**
 * Makes calls of the client for programs that end before they could have loaded it: what takes such a program 100 ms of
 * loading takes a process that runs already 2. Nothing depends on it: who finds nobody here connects to Redis itself.
 */
export const serveCalls = async (options: ServeCallsOptions): Promise<ServedCalls> => {
  const { socketPath, redis, tag, config, archiveFolder, handFolders, logger } = options;
  const studios = new Map<string, Promise<Studio>>();
  const studioOf = (actor: string): Promise<Studio> => {
    const known =
      studios.get(actor) ??
      connectStudio({ redis, tag, config, archiveFolder: async () => archiveFolder, handFolders, actor });
    studios.set(actor, known);
    return known;
  };
  let lastAt = Date.now();

  const answer = async (line: string): Promise<CallAnswer> => {
    lastAt = Date.now();
    try {
      const call = parseCall(line);
      return { gave: await make(await studioOf(call.actor), call) };
    } catch (error) {
      return refusal(error, logger);
    }
  };

  const sockets = new Set<Socket>();
  const serve = async (socket: Socket): Promise<void> => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever asked may be gone before the answer is there.
    socket.on('error', () => socket.destroy());
    for await (const line of createInterface({ input: socket }))
      socket.write(`${JSON.stringify(await answer(line))}\n`);
    socket.end();
  };

  // Left by a host that was killed; that there is no other now, the lock of Redis says.
  await rm(socketPath, { force: true });
  const server = createServer((socket) => void serve(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return {
    lastAt: () => lastAt,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await Promise.all([...studios.values()].map(async (studio) => (await studio).close()));
    },
  };
};
