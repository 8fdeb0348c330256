import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  type FSWatcher,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isWithin, type Mount } from './mounts.ts';
import type { AgentProgram } from './policy.ts';
import { isRenewal } from './renewed-login.ts';

export interface AgentPlace {
  /** Of the person, and of commands, which see another one there. */
  readonly home: string;
  /** Of this sandbox alone. */
  readonly scratch: string;
  /** Stays from one sandbox of the repository to the next. */
  readonly store: string;
  /** Variables of the agent: one may say where its folder is. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface AgentFolder {
  readonly mounts: readonly Mount[];
  readonly variables: Readonly<Record<string, string>>;
  /** Copies a login that was renewed last, and follows it no more. */
  readonly end: () => void;
}

const MOST_BYTES = 1024 * 1024;

/** What stands in a file that is one. An agent may have put anything in its place. */
const textOf = (file: string): string | null => {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() && stats.size <= MOST_BYTES ? readFileSync(descriptor, 'utf8') : null;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
};

const isDocument = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false; // half of it is written
  }
};

/** In one step, and never through a link that lies there. */
const put = (file: string, text: string): void => {
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(beside, text, { flag: 'wx', mode: 0o600 });
    renameSync(beside, file);
  } catch {
    rmSync(beside, { force: true });
  }
};

const realOf = (file: string): string => {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
};

/**
 * Keeps a copy of a login and the login itself the same, whoever renews it: agents replace the file, so that it cannot
 * be mounted by itself, and the folder around it is not to be written.
 */
const followLogin = (original: string, copy: string): (() => void) => {
  const real = realOf(original);
  let both = textOf(real);
  if (both === null) return () => undefined;
  put(copy, both);
  const settle = () => {
    const [mine, theirs] = [textOf(copy), textOf(real)];
    // Somebody who logs out does so outside; a copy that is gone or broken is no news.
    if (mine !== null && theirs !== null && mine !== both && theirs === both && isRenewal(theirs, mine))
      put(real, mine);
    else if (theirs !== null && theirs !== both && isDocument(theirs)) put(copy, theirs);
    else return;
    both = textOf(real);
  };
  const watchers = [copy, real].flatMap((file): FSWatcher[] => {
    try {
      const watcher = watch(dirname(file), { persistent: false }, (_, name) => name === basename(file) && settle());
      return [watcher.on('error', () => watcher.close())];
    } catch {
      return []; // no more watchers are to be had: it is settled at the end
    }
  });
  return () => {
    for (const watcher of watchers) watcher.close();
    settle();
    rmSync(copy, { force: true });
  };
};

/**
 * The folder of an agent, for a sandbox: new, with a copy of its login and of what it noted about itself. Settings can
 * be read and not be written; conversations stay with the repository. Whatever else it leaves there goes with the lease,
 * so that nothing of it runs when the person starts the agent.
 */
export const openAgentFolder = (agent: AgentProgram, place: AgentPlace): AgentFolder => {
  const { home, scratch, store, environment } = place;
  const folder = join(home, agent.folder);
  const own = join(scratch, 'agents', agent.name);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const moved = agent.variable === null ? undefined : environment[agent.variable];
  const theirs = moved?.startsWith('/') ? moved : folder;
  const originalOf = (path: string) =>
    isWithin(path, agent.folder) ? join(theirs, path.slice(agent.folder.length)) : join(home, path);
  for (const path of agent.copied) {
    // Where its folder was moved, what it keeps beside it lies in it.
    const text = textOf(join(theirs, basename(path))) ?? textOf(join(home, path));
    if (text !== null) put(join(own, basename(path)), text);
  }
  const ends = agent.login.map((path) => followLogin(originalOf(path), join(own, basename(path))));
  const kept = agent.conversations.map((path): Mount => {
    const source = join(store, 'agents', agent.name, basename(path));
    mkdirSync(source, { recursive: true });
    return { kind: 'write', path: join(home, path), source };
  });
  const settings = agent.settings.map((path): Mount & { kind: 'read'; source: string } => ({
    kind: 'read',
    path: join(home, path),
    source: originalOf(path),
  }));
  return {
    mounts: [
      { kind: 'write', path: folder, source: own },
      ...kept,
      ...settings.filter(({ source }) => existsSync(source)),
    ],
    variables: agent.variable === null ? {} : { [agent.variable]: folder },
    end: () => {
      for (const end of ends) end();
    },
  };
};
