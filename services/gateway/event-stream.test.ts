import { once } from 'node:events';
import { connect } from 'node:net';
import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod';
import { fastify } from 'fastify';
import { afterEach, expect, test, vi } from 'vitest';
import type { Studio } from '#client';
import type { Recorded } from '#events';
import { eventRoutes } from './routes/events.ts';

const id = 'orch_20260202_143052_a1b2c3d4e5f6';
const event = (version: number): Recorded => ({
  id: `event-${version}`,
  stream: id,
  version,
  type: 'orchestration.halted',
  v: 1,
  time: '2026-02-02T14:30:52.000Z',
  actor: 'person:alice',
  correlationId: id,
  causationId: null,
  hash: '',
  data: { reason: 'x'.repeat(10_000) },
});

const app = fastify();
afterEach(() => app.close());

test('a reader that stops reading holds the follower up, and one that leaves ends it', async () => {
  let given = 0;
  let reader: AbortSignal | undefined;
  const follow: Studio['follow'] = async function* (_id, options) {
    reader = options?.signal;
    while (!reader?.aborted) yield event(++given);
  };
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Of the client this route asks for no more than these two.
  const studio = { follow, resolve: async (given: string) => given } as unknown as Studio;
  await app.register(eventRoutes, { studio, heartbeatMs: 1_000 });
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));

  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET /orchestrations/${id}/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);

  // Socket buffers take a few megabytes; then nothing more is asked for.
  let before = -1;
  await vi.waitFor(
    () => {
      const steady = given > 0 && given === before;
      before = given;
      if (!steady) throw new Error(`${given} events were given and more come`);
    },
    { timeout: 30_000, interval: 200 },
  );
  expect(given).toBeLessThan(5_000);
  expect(reader?.aborted).toBe(false);

  socket.destroy();
  await vi.waitFor(() => expect(reader?.aborted).toBe(true), { timeout: 30_000 });
});
