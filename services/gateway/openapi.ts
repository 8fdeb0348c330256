import { pino } from 'pino';
import type { Studio } from '#client';
import { createServer } from './create-server.ts';

/** The OpenAPI document of this version, for whoever has no gateway at hand. Needs no Redis. */
export const openApiDocument = async (version: string): Promise<Readonly<Record<string, unknown>>> => {
  const app = await createServer({
    // Routes are described here and never called.
    studio: {} as Studio,
    version,
    logger: pino({ enabled: false }),
    ready: async () => {},
    metrics: async () => '',
    observe: () => {},
  });
  try {
    await app.ready();
    return { ...app.swagger() };
  } finally {
    await app.close();
  }
};
