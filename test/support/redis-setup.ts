import type { TestProject } from 'vitest/node';
import { startRedisServer, type TestServer, untilItAnswers } from './redis-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
  }
}

type Choice = 'url' | 'container' | 'server';

const given = async (url: string | undefined): Promise<TestServer> => {
  if (!url) throw new Error('STUDIO_TEST_REDIS=url takes the server from REDIS_URL, which is not set');
  await untilItAnswers(url, 5_000);
  return { url, stop: async () => {} };
};

// Loaded only here: testcontainers takes a second to load, and most runs do without.
const container = async (): Promise<TestServer> =>
  (await import('./redis-container.ts')).startRedisContainer(process.env.STUDIO_TEST_CONTAINER_NETWORK);

const start = (choice: Choice): Promise<TestServer> => {
  switch (choice) {
    case 'url':
      return given(process.env.REDIS_URL);
    case 'container':
      return container();
    case 'server':
      return startRedisServer();
  }
};

const choose = async (): Promise<Choice> => {
  if (process.env.REDIS_URL) return 'url';
  return (await (await import('./redis-container.ts')).hasContainerEngine()) ? 'container' : 'server';
};

const isChoice = (name: string): name is Choice => ['url', 'container', 'server'].includes(name);

/**
 * One Redis for all integration tests: `REDIS_URL`, else a container where an engine runs, else `redis-server` from the
 * PATH. `STUDIO_TEST_REDIS=url|container|server` names one, and then nothing else will do.
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const named = process.env.STUDIO_TEST_REDIS;
  if (named && !isChoice(named)) throw new Error(`STUDIO_TEST_REDIS is "${named}": give url, container or server`);
  const choice = named && isChoice(named) ? named : await choose();
  const server = await start(choice);
  console.info(`Redis for tests: ${choice} ${server.url.replace(/\/\/[^@/]*@/, '//')}${named ? ' (named)' : ''}`);
  project.provide('redisUrl', server.url);
  return () => server.stop();
};
