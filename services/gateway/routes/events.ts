import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import { eventDocument, type Studio } from '#client';
import { EventPage, Unavailable } from '#contracts';
import { RequestRefused } from '../errors.ts';
import { eventStream } from '../event-stream.ts';
import { id, problems } from './parts.ts';

export interface EventRoutesOptions {
  readonly studio: Studio;
  readonly heartbeatMs: number;
}

/** Streams open at the same time: each holds a socket and a page of events. */
const MAX_STREAMS = 500;

const EventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('events after this version'),
  limit: z.coerce.number().int().min(1).max(1_000).default(200).describe('of a page; a stream has no limit'),
});

const lastSeen = (header: string | string[] | undefined, after: number): number => {
  if (header === undefined) return after;
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header))
    throw new RequestRefused('invalid_request', 400, 'Last-Event-ID is the version of an event, a whole number');
  return Number(header);
};

/** True when a reader that was there before has seen the end: it is told to stop coming back. */
const hasSeenAll = async (studio: Studio, run: string, after: number): Promise<boolean> => {
  if (after === 0) return false;
  const [state, more] = await Promise.all([studio.state(run), studio.events(run, { after, limit: 1 })]);
  return state.outcome !== null && more.length === 0;
};

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that collect a response before they pass it on would hold events back.
  'x-accel-buffering': 'no',
};

export const eventRoutes: FastifyPluginAsyncZod<EventRoutesOptions> = async (app, { studio, heartbeatMs }) => {
  const open = new Set<AbortController>();
  app.addHook('preClose', async () => {
    for (const stream of open) stream.abort();
  });

  const serve = async (reply: FastifyReply, run: string, after: number): Promise<void> => {
    const stream = new AbortController();
    const { signal } = stream;
    open.add(stream);
    // The end of the socket ends the follower, which waits for events and would not notice.
    reply.raw.once('close', () => stream.abort());
    reply.hijack();
    reply.raw.writeHead(200, HEADERS);
    try {
      const events = studio.follow(run, { after, signal });
      await pipeline(Readable.from(eventStream(events, heartbeatMs), { highWaterMark: 1 }), reply.raw);
    } catch (err) {
      // The client comes back with its Last-Event-ID; there is no way to tell it more on an open stream.
      if (!signal.aborted) reply.log.warn({ err, stream: run }, 'event stream broke off');
    } finally {
      stream.abort();
      open.delete(stream);
    }
  };

  app.get(
    '/orchestrations/:id/events',
    {
      schema: {
        summary: 'Events of a run',
        description:
          'A page, or with `Accept: text/event-stream` a stream that goes on until the run ends: `id` is the version, ' +
          '`event` the type, `data` the event. It resumes after `Last-Event-ID`; 204 says that nothing will come.',
        params: id,
        querystring: EventsQuery,
        response: { 200: EventPage, 204: z.undefined().describe('the run ended and all was sent'), ...problems },
      },
    },
    async ({ params, query, headers }, reply) => {
      if (!headers.accept?.includes('text/event-stream')) {
        const events = await studio.events(params.id, query);
        const next_after = events.length === query.limit ? (events.at(-1)?.version ?? null) : null;
        return reply.send({ events: events.map(eventDocument), next_after });
      }
      const after = lastSeen(headers['last-event-id'], query.after);
      const run = await studio.resolve(params.id);
      if (await hasSeenAll(studio, run, after)) return reply.code(204).send();
      if (open.size >= MAX_STREAMS)
        throw new Unavailable(`${MAX_STREAMS} event streams are open, which is all this gateway serves; try again`);
      return serve(reply, run, after);
    },
  );
};
