import { Readable, Writable } from 'node:stream';
import {
  type AnyMessage,
  type ClientConnection,
  client,
  MessageTooLargeError,
  methods,
  ndJsonStream,
  RequestError,
} from '@agentclientprotocol/sdk/unstable';
import * as z from 'zod';
import type { AgentProgram } from './program.ts';
import { Notified, PermissionAsked } from './replies.ts';

/** Of one message. Whole files come in them, a run of megabytes does not. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface Listener {
  /** Called in order, as updates arrive, and before the answer that follows them. */
  readonly onUpdate: (update: Notified) => void;
  /** @returns the id of the option that is chosen; `null`: none */
  readonly onPermission: (asked: PermissionAsked, signal: AbortSignal) => Promise<string | null>;
  /** Anything at all arrived. */
  readonly onLife: () => void;
}

/**
 * Takes out what the SDK would stumble over: it refuses an update of which it does not know all (newer agents say more),
 * and complains on standard error of that, of answers that nobody waits for, and of what is no message.
 */
const createSieve = ({ onLife, onUpdate }: Listener) => {
  const waiting = new Set<unknown>();
  const outgoing = new TransformStream<AnyMessage, AnyMessage>({
    transform: (message, controller) => {
      if ('method' in message && 'id' in message) waiting.add(message.id);
      controller.enqueue(message);
    },
  });
  const incoming = new TransformStream<AnyMessage, AnyMessage>({
    transform: (message, controller) => {
      onLife();
      if ('method' in message && message.method === methods.client.session.update) {
        const notified = Notified.safeParse(message.params).data;
        if (notified) onUpdate(notified);
      } else if ('method' in message || ('id' in message && waiting.delete(message.id))) controller.enqueue(message);
    },
  });
  return { outgoing, incoming };
};

const readPermission = (params: unknown): PermissionAsked => {
  const asked = PermissionAsked.safeParse(params);
  if (asked.success) return asked.data;
  throw RequestError.invalidParams(undefined, z.prettifyError(asked.error));
};

/** Talks to a program. Neither files nor terminals are offered: agents do their work in the workspace themselves. */
export const connectAgent = (program: Pick<AgentProgram, 'stdin' | 'stdout'>, listener: Listener): ClientConnection => {
  const lines = ndJsonStream(
    Writable.toWeb(program.stdin),
    // Node and the standard library have types of their own for the same streams.
    Readable.toWeb(program.stdout) as ReadableStream<Uint8Array>,
    { maxMessageBytes: MOST_BYTES },
  );
  const { outgoing, incoming } = createSieve(listener);
  outgoing.readable.pipeTo(lines.writable).catch(() => undefined);
  return client({ name: 'studio' })
    .onRequest(methods.client.session.requestPermission, readPermission, async ({ params, signal }) => {
      const optionId = await listener.onPermission(params, signal);
      return { outcome: optionId === null ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } };
    })
    .onRequest('*', ({ method }) => {
      throw RequestError.methodNotFound(method);
    })
    .onNotification('*', () => undefined)
    .connect({ writable: outgoing.writable, readable: lines.readable.pipeThrough(incoming) });
};

export const saysTooMuch = (error: unknown): boolean => error instanceof MessageTooLargeError;

/** Why a connection closed, in words. */
export const closedBecause = (error: unknown): string =>
  saysTooMuch(error)
    ? `the agent sent a message of more than ${MOST_BYTES} bytes`
    : 'the agent closed its output and went on running';
