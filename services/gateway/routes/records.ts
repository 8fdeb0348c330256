import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import type { Studio } from '#client';
import { ArchiveDocument, ImportDocument } from '#contracts';
import { id, problems } from './parts.ts';

const LINES = 'application/x-ndjson';
/** Of one import. A whole installation is imported from a file, by the command line. */
const IMPORT_BYTES = 64 * 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1_000;

const Lines = z.string().describe('JSON lines');
/** The same on the way out, a piece at a time. */
const LineStream: z.ZodType<string | Readable> = Lines;

/** With line ends, as they go out. */
async function* textOf(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  for await (const line of lines) yield `${line}\n`;
}

async function* linesOf(text: string): AsyncGenerator<string, void> {
  yield* text.split(/\r?\n/);
}

type Routes = FastifyPluginAsyncZod<{ studio: Studio }>;

/** Whole runs as files. */
export const exportRoutes: Routes = async (app, { studio }) => {
  app.get(
    '/orchestrations/:id/export',
    {
      schema: {
        summary: 'A run as a file that can be verified, replayed and imported anywhere',
        params: id,
        response: { 200: LineStream, ...problems },
      },
    },
    async ({ params }, reply) => {
      const run = await studio.resolve(params.id);
      return reply.type(LINES).send(Readable.from(textOf(studio.export(run))));
    },
  );

  app.get(
    '/export',
    {
      schema: {
        summary: 'Every run, archived ones too, and the backlog: a backup',
        response: { 200: LineStream, ...problems },
      },
    },
    async (_request, reply) => reply.type(LINES).send(Readable.from(textOf(studio.exportAll()))),
  );
};

/** Whole runs in, and out of Redis when they are old. */
export const recordRoutes: Routes = async (app, { studio }) => {
  app.addContentTypeParser(LINES, { parseAs: 'string', bodyLimit: IMPORT_BYTES }, (_request, body, done) =>
    done(null, body),
  );

  app.post(
    '/import',
    {
      bodyLimit: IMPORT_BYTES,
      schema: {
        summary: 'Take exported runs in',
        description: 'JSON lines as an export has them. All of it is verified before anything of it is stored.',
        consumes: [LINES],
        body: Lines,
        response: { 200: ImportDocument, ...problems },
      },
    },
    async ({ body }) => {
      const document: ImportDocument = { streams: [] };
      for await (const answer of studio.import(() => linesOf(body))) document.streams.push(answer);
      return document;
    },
  );

  app.post(
    '/archive',
    {
      schema: {
        summary: 'Move the logs of runs that ended long ago to verified files',
        body: z
          .strictObject({
            older_than_days: z.number().nonnegative().default(7).describe('since the last event'),
            dry_run: z.boolean().default(false).describe('only tell what would be moved'),
          })
          .prefault({}),
        response: { 200: ArchiveDocument, ...problems },
      },
    },
    async ({ body }) =>
      studio.archive({ before: new Date(Date.now() - body.older_than_days * DAY_MS), dryRun: body.dry_run }),
  );
};
