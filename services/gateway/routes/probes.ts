import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import { problems } from './parts.ts';

export interface ProbeRoutesOptions {
  /** Rejects while requests cannot be served. */
  readonly ready: () => Promise<void>;
  readonly metrics: () => Promise<string>;
}

const Up = z.strictObject({ status: z.literal('up') });

export const probeRoutes: FastifyPluginAsyncZod<ProbeRoutesOptions> = async (app, { ready, metrics }) => {
  app.get('/healthz', { schema: { summary: 'The process is up', response: { 200: Up } } }, async () => ({
    status: 'up' as const,
  }));

  app.get(
    '/readyz',
    { schema: { summary: 'Redis answers and is fit to keep the log', response: { 200: Up, ...problems } } },
    async () => {
      await ready();
      return { status: 'up' as const };
    },
  );

  app.get(
    '/metrics',
    { schema: { summary: 'Prometheus text', response: { 200: z.string(), ...problems } } },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics()),
  );
};
