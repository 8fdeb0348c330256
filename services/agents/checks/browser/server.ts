import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { answers } from './ports.ts';

/** A server that compiles first may take a while. */
const START_MS = 60_000;
const EVERY_MS = 50;
const KEPT_CHARACTERS = 4_000;

export interface Served {
  /** Why nothing is served, or `null`. */
  readonly why: string | null;
  /** The end of what the command printed. */
  readonly said: () => string;
  readonly end: () => void;
}

export interface ServeRequest {
  readonly command: string;
  /** Where it answers once it is up. */
  readonly url: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}

/** Starts a server and waits until it takes connections. What it started itself ends with the group of this process. */
export const serve = async ({ command, url, directory, environment, now }: ServeRequest): Promise<Served> => {
  let output = '';
  const hear = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
  };
  const said = () => output.trim();
  // Who listens there already would be taken for it, and be checked in its place.
  if (await answers(url))
    return { why: `something else answers at ${url} already: use {port} for a free one`, said, end: () => undefined };
  const child = spawn('sh', ['-c', command], { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => void child.kill();
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  // After `close` all that it printed is here.
  const closed = once(child, 'close').then(
    ([code, signal]) => `${command} ended with ${signal ?? `exit code ${code}`} before ${url} answered`,
    (error: unknown) => `${command} was not started: ${String(error)}`,
  );
  const deadline = now() + START_MS;
  while (now() < deadline) {
    if (await answers(url)) return { why: null, said, end };
    const ended = await Promise.race([closed, delay(EVERY_MS)]);
    if (ended !== undefined) return { why: ended, said, end };
  }
  return { why: `${command} did not answer at ${url} within ${START_MS / 1_000} s`, said, end };
};
