import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import type { Studio } from '#client';
import { BacktestDocument, BacktestPolicy } from '#contracts';
import { problems } from './parts.ts';

/** Recorded runs under another policy. */
export const backtestRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  app.post(
    '/backtest',
    {
      schema: {
        summary: 'What another policy would have decided over recorded runs',
        description: 'Reads only: nothing runs and nothing is stored.',
        body: z.strictObject({
          policy: BacktestPolicy,
          last: z.int().min(1).max(10_000).default(1_000).describe('so many of the newest runs'),
        }),
        response: { 200: BacktestDocument, ...problems },
      },
    },
    async ({ body }) => studio.backtest(body),
  );
};
