import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import type { Studio } from '#client';
import {
  BacklogChange,
  BacklogDecompose,
  BacklogDocument,
  BacklogNext,
  BacklogRun,
  BacklogRunAnswer,
} from '#contracts';
import { problems } from './parts.ts';
import { Stored, storedOf } from './stored.ts';

const Workspace = z.strictObject({
  workspace: z
    .string()
    .min(1)
    .max(4_096)
    .describe('absolute path of the folder, or the git URL, whose backlog is meant'),
});

const ORIGIN = { trigger: 'http', source: 'http' } as const;

type Routes = FastifyPluginAsyncZod<{ studio: Studio }>;

/** The tasks of workspaces. */
export const backlogRoutes: Routes = async (app, { studio }) => {
  app.get(
    '/backlog',
    {
      schema: {
        summary: 'The tasks of a workspace, in their order',
        querystring: Workspace,
        response: { 200: BacklogDocument, ...problems },
      },
    },
    async ({ query }) => studio.backlog(query.workspace),
  );

  app.get(
    '/backlog/next',
    {
      schema: {
        summary: 'The tasks that can begin now, the best first',
        querystring: Workspace,
        response: { 200: BacklogNext, ...problems },
      },
    },
    async ({ query }) => studio.nextTasks(query.workspace),
  );

  app.post(
    '/backlog/change',
    {
      schema: {
        summary: 'Add, edit, remove or reopen a task, or take a map in',
        body: Workspace.extend({ change: BacklogChange }),
        response: { 200: BacklogDocument, ...problems },
      },
    },
    async ({ body }) => studio.changeBacklog(body.workspace, body.change),
  );
};

/** What is submitted for a backlog. */
export const backlogRunRoutes: Routes = async (app, { studio }) => {
  app.post(
    '/backlog/decompose',
    {
      schema: {
        summary: 'Make tasks of a goal or a specification; nothing is built',
        body: BacklogDecompose,
        response: { 201: Stored.describe('stored'), 200: Stored.describe('stored before'), ...problems },
      },
    },
    async ({ body }, reply) => {
      const stored = storedOf(await studio.decompose(body, ORIGIN));
      return reply
        .code(stored.outcome === 'created' ? 201 : 200)
        .header('location', `/v1/orchestrations/${stored.id}`)
        .send(stored);
    },
  );

  app.post(
    '/backlog/run',
    {
      schema: {
        summary: 'Run open tasks, the best first',
        body: BacklogRun,
        response: {
          201: BacklogRunAnswer.describe('submitted'),
          200: BacklogRunAnswer.describe('asked for before, and goes on now'),
          ...problems,
        },
      },
    },
    async ({ body }, reply) => {
      const answer = await studio.runBacklog(body, ORIGIN);
      return reply
        .code(answer.outcome === 'created' ? 201 : 200)
        .header('location', `/v1/orchestrations/${answer.id}`)
        .send(answer);
    },
  );
};
