import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Studio } from '#client';
import type { Call, CallAnswer } from '#contracts';

/** What a host does for a program that has no client of its own. */
export type HostCalls = Pick<
  Studio,
  'submit' | 'route' | 'state' | 'control' | 'take' | 'handIn' | 'outsideRecovery' | 'close'
>;

export interface JoinHostOptions {
  readonly studioDir: string;
  /** Folder of this package. */
  readonly packageRoot: string;
  readonly actor: string;
}

// Loads neither schemas nor a client of Redis: that is what it is for.

/** A refusal as the host worded it; its `code` is that of the error there. */
class Refused extends Error {
  readonly code: string;
  readonly problems: readonly string[];
  constructor({ code, message, problems }: Extract<CallAnswer, { refused: unknown }>['refused']) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

const modifiedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Where the host takes calls; `null` where none runs, or where this package was changed after it had started. */
const socketOf = ({ studioDir, packageRoot }: JoinHostOptions): string | null => {
  try {
    const file = join(studioDir, 'host.json');
    const { callsPath }: { callsPath?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
    const data = join(packageRoot, 'data');
    const parts = [join(packageRoot, 'dist', 'host.js'), ...readdirSync(data).map((name) => join(data, name))];
    const startedMs = modifiedMs(file);
    return typeof callsPath === 'string' && parts.every((part) => modifiedMs(part) <= startedMs) ? callsPath : null;
  } catch {
    return null;
  }
};

const open = (path: string): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = createConnection(path, () => resolve(socket));
    socket.once('error', () => resolve(null));
  });

const WENT_AWAY = 'the host went away before it answered: look whether it was done, then try again';

/** Lines of a socket, asked for one at a time. */
const ask = (socket: Socket, line: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const lost = () => reject(new Error(WENT_AWAY));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      socket.removeAllListeners('data').removeListener('close', lost);
      resolve(text);
    });
    socket.once('close', lost);
    socket.write(`${line}\n`);
  });

/**
 * The client of the host of this folder, in the host.
 * @returns `null` when there is none that can be asked: then one has to connect oneself, which starts it
 */
export const joinHost = async (options: JoinHostOptions): Promise<HostCalls | null> => {
  const path = socketOf(options);
  const socket = path === null ? null : await open(path);
  if (socket === null) return null;
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());

  /** The host answers with what the method of the same name gives, so the types are those of the client. */
  const call = async <T>(wanted: Call['do']): Promise<T> => {
    const request: Call = { actor: options.actor, do: wanted };
    const answer: CallAnswer = JSON.parse(await ask(socket, JSON.stringify(request)));
    if ('refused' in answer) throw new Refused(answer.refused);
    return answer.gave as T; // see above
  };

  return {
    submit: (goal, { source = 'a call' } = {}) => call({ call: 'submit', goal, source }),
    route: (goal) => call({ call: 'route', goal }),
    state: (id) => call({ call: 'state', id }),
    control: (id, command) => call({ call: 'control', id, command }),
    take: (id) => call({ call: 'take', id }),
    handIn: (id, handIn) => call({ call: 'handIn', id, handIn }),
    outsideRecovery: (id, agent) => call({ call: 'outsideRecovery', id, agent }),
    close: async () => void socket.destroy(),
  };
};
