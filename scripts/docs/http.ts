import * as z from 'zod';
import { StateDocument } from '#contracts';
import { openApiDocument } from '#gateway';
import packageJson from '../../package.json' with { type: 'json' };
import { code, type Generator, page, table } from './generator.ts';
import { type JsonSchema, typeText } from './json-schema.ts';

// The cast: what OpenAPI calls a schema is JSON Schema, of which the readers look at a part.
const Schema = z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null);
const Content = z.record(z.string(), z.looseObject({ schema: Schema })).optional();

const Operation = z.looseObject({
  summary: z.string(),
  description: z.string().optional(),
  parameters: z
    .array(z.looseObject({ in: z.string(), name: z.string(), schema: Schema, description: z.string().optional() }))
    .default([]),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().optional(), content: Content })),
});
type Operation = z.infer<typeof Operation>;

const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

const schemaOf = (content: z.infer<typeof Content>): JsonSchema | undefined => Object.values(content ?? {})[0]?.schema;

const STATE_KEYS = Object.keys(StateDocument.shape).join();

/** The state is too large for a cell, and its schema is at hand in every installation. */
const documentText = (schema: JsonSchema | undefined): string => {
  if (!schema) return '';
  const isState = Object.keys(schema.properties ?? {}).join() === STATE_KEYS;
  return isState ? 'the state: `studio schema state`' : code(typeText(schema));
};

/** What fastify writes where a route says nothing. */
const EMPTY = 'Default Response';

const inputRows = ({ parameters, requestBody }: Operation): readonly (readonly string[])[] => {
  const body = schemaOf(requestBody?.content);
  return [
    ...parameters.map((given) => [given.in, code(given.name), code(typeText(given.schema)), given.description ?? '']),
    ...Object.entries(body?.properties ?? {}).map(([name, schema]) => [
      'body',
      code(name),
      code(typeText(schema)),
      [body?.required?.includes(name) ? 'must be given' : '', schema.description ?? ''].filter(Boolean).join('; '),
    ]),
  ];
};

const answerRows = ({ responses }: Operation): readonly (readonly string[])[] =>
  Object.entries(responses)
    .filter(([status]) => !/^[45]xx$/i.test(status))
    .map(([status, { description = '', content }]) => [
      code(status),
      documentText(schemaOf(content)),
      description === EMPTY ? '' : description,
    ]);

const route = (path: string, method: string, operation: Operation): string => {
  const inputs = inputRows(operation);
  const { summary, description } = operation;
  return [
    `## ${code(`${method.toUpperCase()} ${path}`)}`,
    [`${summary}.`, description].filter(Boolean).join(' '),
    ...(inputs.length > 0 ? [table(['in', 'name', 'type', 'meaning'], inputs)] : []),
    table(['status', 'document', 'meaning'], answerRows(operation)),
  ].join('\n\n');
};

export const http: Generator = {
  page: 'http.md',
  about: 'every route of the gateway, what it takes and what it answers',
  generate: async () => {
    const { paths } = Document.parse(await openApiDocument(packageJson.version));
    return page(
      'HTTP',
      'One route a command, with the documents that `studio … --json` prints. A running gateway serves all of this as OpenAPI 3.1 at `/v1/openapi.json`.',
      'Without `STUDIO_API_KEY` only this machine is served, and no page of another site. With it every route but `/healthz` and `/readyz` asks for `Authorization: Bearer <key>`.',
      'Any route may answer 4xx or 5xx with problem details (`application/problem+json`): match on `code`, which is one of the [error codes](errors.md); `remedy` says what to do next.',
      ...Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => route(path, method, operation)),
      ),
    );
  },
};
