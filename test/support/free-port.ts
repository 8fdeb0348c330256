import { createServer, type Server } from 'node:net';

// Below those that systems give to outgoing connections (from 32,768 on Linux, 49,152 elsewhere): a server that is killed
// finds its port free again, and no client that tries to reach it meanwhile is connected to itself.
const FIRST = 12_000;
const LAST = 32_767;
/** A port is free until it is used, which may be minutes later: workers of one run of the tests choose among others. */
const SHARES = 8;
const SIZE = Math.floor((LAST - FIRST + 1) / SHARES);
const share = FIRST + SIZE * (Number(process.env.VITEST_POOL_ID ?? 0) % SHARES);
const given = new Set<number>();

const listen = (port: number): Promise<Server | null> => {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null)).listen(port, '127.0.0.1', () => resolve(server));
  });
};

/** A port of 127.0.0.1 on which nobody listened a moment ago, and which nobody else of these tests was given. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = share + Math.floor(Math.random() * SIZE);
    if (given.has(port)) continue;
    const server = await listen(port);
    if (server === null) continue;
    given.add(port);
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
};
