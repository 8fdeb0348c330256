import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Studio } from '#client';
import { RequestRefused } from './errors.ts';
import { createGuard } from './guard.ts';
import { sendProblem } from './problems.ts';
import { backlogRoutes, backlogRunRoutes } from './routes/backlog.ts';
import { backtestRoutes } from './routes/backtest.ts';
import { contextRoutes } from './routes/context.ts';
import { controlRoutes } from './routes/control.ts';
import { eventRoutes } from './routes/events.ts';
import { historyRoutes } from './routes/history.ts';
import { orchestrationRoutes } from './routes/orchestrations.ts';
import { peopleRoutes } from './routes/people.ts';
import { type ProbeRoutesOptions, probeRoutes } from './routes/probes.ts';
import { exportRoutes, recordRoutes } from './routes/records.ts';
import { systemRoutes } from './routes/system.ts';
import { workRoutes } from './routes/work.ts';

export interface ServerOptions extends ProbeRoutesOptions {
  readonly studio: Studio;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  /** Asked of every request when given; without it only this machine is served. */
  readonly apiKey?: string;
  /** Told of every answer: route, status, seconds. */
  readonly observe: (route: string, method: string, status: number, seconds: number) => void;
  /** Default 15 s: proxies end connections that are silent for a minute or two. */
  readonly heartbeatMs?: number;
}

/** Larger than any goal with a plan should be; what is larger belongs into files of the workspace. */
const BODY_BYTES = 1_048_576;

const openapi = (version: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Studio',
    version,
    description: 'Submit goals, follow and steer their runs. Errors are problem details; match on `code`.',
  },
  components: { securitySchemes: { key: { type: 'http' as const, scheme: 'bearer' } } },
  security: [{ key: [] }],
});

const logAnswers = (app: FastifyInstance, observe: ServerOptions['observe']): void => {
  app.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    const { url = 'none' } = request.routeOptions;
    observe(url, request.method, statusCode, elapsedTime / 1_000);
    request.log.debug({ route: url, method: request.method, status: statusCode, durationMs: elapsedTime }, 'answered');
  });
};

/** The HTTP surface, not listening yet: every route is one call of the client, and answers its document. */
export const createServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const { studio, version, logger, apiKey, heartbeatMs = 15_000, ready, metrics } = options;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: sendProblem,
    bodyLimit: BODY_BYTES,
    requestTimeout: 60_000,
    forceCloseConnections: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(({ method, url }) => {
    throw new RequestRefused(
      'no_route',
      404,
      `there is no ${method} ${url.split('?')[0]}; /v1/openapi.json lists what there is`,
    );
  });
  app.addHook('onRequest', createGuard(apiKey));
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });
  logAnswers(app, options.observe);

  await app.register(swagger, { openapi: openapi(version), transform: createJsonSchemaTransform({}) });
  await app.register(probeRoutes, { ready, metrics });
  await app.register(
    async (v1) => {
      v1.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
      await v1.register(orchestrationRoutes, { studio });
      await v1.register(contextRoutes, { studio });
      await v1.register(eventRoutes, { studio, heartbeatMs });
      await v1.register(controlRoutes, { studio });
      await v1.register(workRoutes, { studio });
      await v1.register(historyRoutes, { studio });
      await v1.register(peopleRoutes, { studio });
      await v1.register(systemRoutes, { studio });
      await v1.register(backtestRoutes, { studio });
      await v1.register(backlogRoutes, { studio });
      await v1.register(backlogRunRoutes, { studio });
      await v1.register(exportRoutes, { studio });
      await v1.register(recordRoutes, { studio });
    },
    { prefix: '/v1' },
  );
  return app;
};
