import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HookData } from '#contracts';

export interface Heard {
  readonly id: string;
  readonly hook: HookData['hook'];
  readonly data: HookData;
  /** The signature is right for this body and id. */
  readonly isSigned: boolean;
}

export interface Listener {
  readonly url: string;
  readonly heard: readonly Heard[];
  /** How requests are answered from now on; `null`: not at all. */
  answer: number | null;
  readonly close: () => Promise<void>;
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const isSigned = ({ headers }: IncomingMessage, body: string, secret: string): boolean => {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(content);
  return headers['webhook-signature'] === `v1,${expected.digest('base64')}`;
};

/** Somebody who listens to hooks on loopback. */
export const startListener = async (secret: string): Promise<Listener> => {
  const heard: Heard[] = [];
  let answer: number | null = 204;
  const take = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const body = await read(request);
    const event = JSON.parse(body);
    const signed = isSigned(request, body, secret) && request.headers['webhook-id'] === event.id;
    heard.push({ id: event.id, hook: event.data.hook, data: event.data, isSigned: signed });
    if (answer === null) return;
    reply.writeHead(answer).end();
  };
  const server = createServer((request, reply) => void take(request, reply));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It listens on a port, so its address has one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks?key=not-for-logs`,
    heard,
    get answer() {
      return answer;
    },
    set answer(status) {
      answer = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
