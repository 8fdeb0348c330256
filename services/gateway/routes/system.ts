import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import type { Studio } from '#client';
import { DryRunDocument, Goal, RouteDocument, WorkerDocument } from '#contracts';
import { problems } from './parts.ts';

const Rejection = z.strictObject({
  time: z.string(),
  source: z.string(),
  digest: z.string().describe('SHA-256, hex, of what came in'),
  problems: z.array(z.string()),
});

/** What is not about one run. */
export const systemRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  app.get(
    '/workers',
    {
      schema: {
        summary: 'Processes that are alive',
        response: { 200: z.strictObject({ workers: z.array(WorkerDocument) }), ...problems },
      },
    },
    async () => ({ workers: [...(await studio.workers())] }),
  );

  app.post(
    '/route',
    {
      schema: {
        summary: 'Route a goal without storing it',
        body: Goal.pick({ goal: true, tasks: true }),
        response: { 200: RouteDocument, ...problems },
      },
    },
    async ({ body }) => studio.route(body.goal, body.tasks === undefined ? {} : { tasks: body.tasks }),
  );

  app.post(
    '/dry-run',
    {
      schema: {
        summary: 'What a goal would come to: route, plan, conflicts, questions, time; nothing is stored',
        body: Goal,
        response: { 200: DryRunDocument, ...problems },
      },
    },
    async ({ body }) => studio.dryRun(body),
  );

  app.get(
    '/rejections',
    {
      schema: {
        summary: 'What was refused, newest first',
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
        response: { 200: z.strictObject({ rejections: z.array(Rejection) }), ...problems },
      },
    },
    async ({ query }) => ({
      rejections: (await studio.rejections(query.limit)).map((rejection) => ({
        ...rejection,
        problems: [...rejection.problems],
      })),
    }),
  );
};
