import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import type { Studio } from '#client';
import { EveryRunDocument, InboxDocument } from '#contracts';
import { problems } from './parts.ts';

const Reason = z.strictObject({ reason: z.string().max(1_000).nullable().default(null) }).prefault({});

/** What people look at, or do, over all runs. */
export const peopleRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  app.get(
    '/inbox',
    {
      schema: {
        summary: 'All that waits for a person, the oldest deadline first',
        response: { 200: InboxDocument, ...problems },
      },
    },
    async () => studio.inbox(),
  );

  app.addHook('preValidation', async (request) => {
    // No body at all comes as null.
    if (request.method === 'POST') request.body ??= {};
  });
  for (const command of ['pause', 'resume'] as const)
    app.post(
      `/${command}`,
      {
        schema: {
          summary: command === 'pause' ? 'Pause every run, with its tasks' : 'Let every paused run go on',
          body: Reason,
          response: { 200: EveryRunDocument, ...problems },
        },
      },
      async ({ body }) => studio.everyRun(command, body.reason),
    );
};
