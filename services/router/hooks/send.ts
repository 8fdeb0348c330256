import { spawn } from 'node:child_process';
import type { Config } from '#contracts';
import type { NoticeEvent } from './notice.ts';
import { signatureHeaders } from './sign.ts';

type Hook = Exclude<Config['hooks']['completed'], false>;

export interface SendOptions {
  readonly hook: Hook;
  readonly event: NoticeEvent;
  /** Signs what is posted; without one nothing is. */
  readonly secret: string | undefined;
  /** Variables that a command may see. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where a command runs. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** How a try ended: nobody is ever told by an error, whose text may hold an address with a key in it. */
export type Sent =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'failed'; readonly reason: string }
  /** It would fail for ever. */
  | { readonly outcome: 'refused'; readonly reason: string };

const DELIVERED: Sent = { outcome: 'delivered' };

const failed = (reason: string): Sent => ({ outcome: 'failed', reason });

/** What a failed connection says, without its address. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : 'unknown';
};

const post = async (url: string, { event, secret, signal, now }: SendOptions): Promise<Sent> => {
  if (!secret) return failed('STUDIO_HOOK_SECRET is not set, and nothing is posted without a signature');
  const body = JSON.stringify(event);
  const timestamp = Math.floor(now.getTime() / 1_000);
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    ...signatureHeaders({ id: event.id, timestamp, body }, secret),
  };
  try {
    const reply = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' });
    await reply.body?.cancel();
    if (reply.ok) return DELIVERED;
    // Gone: whoever listened there wants no more of it.
    return reply.status === 410 ? { outcome: 'refused', reason: 'status 410' } : failed(`status ${reply.status}`);
  } catch (error) {
    return failed(`no answer (${codeOf(error)})`);
  }
};

const idsOf = ({ id, data }: NoticeEvent): Readonly<Record<string, string>> => ({
  STUDIO_HOOK: data.hook,
  STUDIO_EVENT_ID: id,
  STUDIO_ORCHESTRATION: data.orchestration,
  ...(data.interaction ? { STUDIO_INTERACTION: data.interaction.id } : {}),
  ...(data.assignment ? { STUDIO_WORK: data.assignment.id } : {}),
  ...(data.outcome ? { STUDIO_OUTCOME: data.outcome.kind } : {}),
});

/** Ends a whole process group; one that is gone is ended. */
const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

const run = ({ event, environment, directory, signal }: SendOptions, command: string): Promise<Sent> =>
  new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: directory,
      detached: true,
      env: { ...environment, ...idsOf(event) },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const stop = (): void => endGroup(child.pid);
    const settle = (sent: Sent): void => {
      signal.removeEventListener('abort', stop);
      resolve(sent);
    };
    signal.addEventListener('abort', stop);
    child.once('error', (error) => settle(failed(`the command did not start (${codeOf(error)})`)));
    child.once('close', (code, by) => settle(code === 0 ? DELIVERED : failed(by ? `ended by ${by}` : `exit ${code}`)));
    // A command need not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(event)}\n`);
  });

/** Tells one hook of one event: its command, its address, or both. Both have to work. */
export const send = async (options: SendOptions): Promise<Sent> => {
  const { command, url } = options.hook;
  const ran = command === undefined ? DELIVERED : await run(options, command);
  if (ran.outcome !== 'delivered' || url === undefined) return ran;
  return post(url, options);
};
