import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import type { At, Studio } from '#client';
import { Goal, InvalidInput, ListPage, ListQuery, OutsideRecovery, StateDocument, WhyDocument } from '#contracts';
import { RequestRefused } from '../errors.ts';
import { id, problems } from './parts.ts';
import { Stored, storedOf } from './stored.ts';

const StateQuery = z.strictObject({
  version: z.coerce.number().int().min(1).optional().describe('the state at this version'),
  time: z.iso.datetime().optional().describe('the state at this time'),
});

const atOf = ({ version, time }: z.infer<typeof StateQuery>): At => {
  if (version !== undefined && time !== undefined)
    throw new RequestRefused('invalid_request', 400, 'give version or time, not both');
  if (version !== undefined) return { version };
  return time === undefined ? 'now' : { time };
};

/** The header is another way to write the `key` of a goal. */
const withKey = (body: unknown, key: string | undefined): unknown => {
  if (key === undefined || body === null || typeof body !== 'object' || Array.isArray(body)) return body;
  if ('key' in body && body.key !== key)
    throw new InvalidInput('the goal', [`key: "${String(body.key)}" is not the Idempotency-Key header, "${key}"`]);
  return { ...body, key };
};

export const orchestrationRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  app.post(
    '/orchestrations',
    {
      // A goal that does not fit goes to intake all the same, which leaves a trace of it and knows every problem.
      attachValidation: true,
      schema: {
        summary: 'Submit a goal',
        body: Goal,
        headers: z.looseObject({
          'idempotency-key': z.string().optional().describe('same key and goal is stored once'),
        }),
        response: { 201: Stored.describe('stored'), 200: Stored.describe('stored before'), ...problems },
      },
    },
    async (request, reply) => {
      const goal = withKey(request.body, request.headers['idempotency-key']);
      const stored = storedOf(await studio.submit(goal, { trigger: 'http', source: 'http' }));
      return reply
        .code(stored.outcome === 'created' ? 201 : 200)
        .header('location', `/v1/orchestrations/${stored.id}`)
        .send(stored);
    },
  );

  app.get(
    '/orchestrations',
    {
      schema: { summary: 'List runs, newest first', querystring: ListQuery, response: { 200: ListPage, ...problems } },
    },
    async ({ query }) => studio.list(query),
  );

  app.get(
    '/orchestrations/:id',
    {
      schema: {
        summary: 'State of a run, now or as it was',
        params: id,
        querystring: StateQuery,
        response: { 200: StateDocument, ...problems },
      },
    },
    async ({ params, query }) => studio.state(params.id, atOf(query)),
  );

  app.get(
    '/orchestrations/:id/why',
    { schema: { summary: 'Why a run is where it is', params: id, response: { 200: WhyDocument, ...problems } } },
    async ({ params }) => studio.why(params.id),
  );

  app.get(
    '/orchestrations/:id/outside_recovery',
    {
      schema: {
        summary: 'Of a run that you drive: what to do about the failures of an agent, or of all',
        params: id,
        querystring: z.strictObject({ agent: z.string().min(1).max(64).optional() }),
        response: { 200: OutsideRecovery, ...problems },
      },
    },
    async ({ params, query }) => studio.outsideRecovery(params.id, query.agent ?? null),
  );
};
