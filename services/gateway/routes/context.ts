import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import type { Studio } from '#client';
import { BudgetDocument, LearningsDocument, LearningsQuery } from '#contracts';
import { id, problems } from './parts.ts';

/** What agents are given to read. */
export const contextRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  app.get(
    '/orchestrations/:id/budget',
    {
      schema: {
        summary: 'What the agents of a run were given to read, in tokens, and the limits of each pool',
        params: id,
        response: { 200: BudgetDocument, ...problems },
      },
    },
    async ({ params }) => studio.budget(params.id),
  );

  app.get(
    '/budget',
    { schema: { summary: 'The limits that a new run would have', response: { 200: BudgetDocument, ...problems } } },
    async () => studio.budget(null),
  );

  app.get(
    '/learnings',
    {
      schema: {
        summary: 'What runs found out, newest first',
        querystring: LearningsQuery,
        response: { 200: LearningsDocument, ...problems },
      },
    },
    async ({ query }) => studio.learnings(query),
  );
};
