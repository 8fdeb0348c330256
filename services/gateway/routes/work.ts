import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import type { Studio } from '#client';
import { AssignmentDocument, HandIn, StateDocument } from '#contracts';
import { id, problems } from './parts.ts';

/** The work of an agent, done by whoever takes it. To hold it for longer or to give it back is a control command. */
export const workRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  const schema = { params: id, response: { 200: AssignmentDocument, ...problems } };
  app.get(
    '/orchestrations/:id/work',
    { schema: { ...schema, summary: 'What is to be done by hand now, and who holds it' } },
    async ({ params }) => studio.work(params.id),
  );
  app.post(
    '/orchestrations/:id/work/take',
    { schema: { ...schema, summary: 'Take it: a lease, the request, and a folder on the machine of the gateway' } },
    async ({ params }) => studio.take(params.id),
  );
  app.post(
    '/orchestrations/:id/work/hand-in',
    {
      schema: {
        summary: 'Hand it in, with the files of the folder; then the run goes on',
        params: id,
        body: HandIn,
        response: { 200: StateDocument, ...problems },
      },
    },
    async ({ params, body }) => studio.handIn(params.id, body),
  );
};
