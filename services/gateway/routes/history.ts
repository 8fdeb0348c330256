import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import type { ForkOptions, Studio } from '#client';
import {
  CheckpointsDocument,
  CompareDocument,
  CompareQuery,
  ForkBody,
  ForkDocument,
  HandoffsDocument,
  InvalidInput,
} from '#contracts';
import { id, problems } from './parts.ts';

const atOf = ({ at }: ForkBody): NonNullable<ForkOptions['at']> => {
  if (at === null) return 'now';
  return typeof at === 'number' ? { version: at } : { checkpoint: at };
};

const changesOf = ({
  engine,
  plan,
  plan_source,
  answers,
  budget_usd,
  budget_tokens,
  labels,
}: ForkBody): ForkOptions['changes'] => ({
  ...(engine === undefined ? {} : { engine }),
  ...(plan === undefined ? {} : { plan }),
  ...(plan_source === undefined ? {} : { planSource: plan_source }),
  ...(answers === undefined ? {} : { answers }),
  ...(budget_usd === undefined ? {} : { budgetUsd: budget_usd }),
  ...(budget_tokens === undefined ? {} : { budgetTokens: budget_tokens }),
  ...(labels === undefined ? {} : { labels }),
});

/** @throws {InvalidInput} a plan of one run alone */
const plansOf = ({ left_plan: left, right_plan: right }: CompareQuery): { plans?: readonly [number, number] } => {
  if (left === undefined && right === undefined) return {};
  if (left !== undefined && right !== undefined) return { plans: [left, right] };
  throw new InvalidInput('what to compare', ['give left_plan and right_plan, or neither']);
};

/** Going back, parting, and what runs have in common. */
export const historyRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  app.get(
    '/orchestrations/:id/checkpoints',
    {
      schema: {
        summary: 'Every place that a run can go back to',
        params: id,
        response: { 200: CheckpointsDocument, ...problems },
      },
    },
    async ({ params }) => studio.checkpoints(params.id),
  );

  app.get(
    '/orchestrations/:id/handoffs',
    {
      schema: {
        summary: 'What was handed over, and what is held back because it is not complete',
        params: id,
        response: { 200: HandoffsDocument, ...problems },
      },
    },
    async ({ params }) => studio.handoffs(params.id),
  );

  app.post(
    '/orchestrations/:id/fork',
    {
      schema: {
        summary: 'Another run from any version or checkpoint of this one, under other settings',
        params: id,
        body: ForkBody.prefault({}),
        response: { 201: ForkDocument, ...problems },
      },
    },
    async ({ params, body }, reply) => {
      const forked = await studio.fork(params.id, { at: atOf(body), changes: changesOf(body) ?? {} });
      return reply.code(201).header('location', `/v1/orchestrations/${forked.id}`).send(forked);
    },
  );

  app.get(
    '/compare',
    {
      schema: {
        summary: 'Where two runs, or two plans of one, part: in facts and in files',
        querystring: CompareQuery,
        response: { 200: CompareDocument, ...problems },
      },
    },
    async ({ query }) => {
      const { left, right } = query;
      return studio.compare({ left, ...(right === undefined ? {} : { right }), ...plansOf(query) });
    },
  );
};
