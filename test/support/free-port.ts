import { createServer, type Server } from 'node:net';

// Below those that systems give to outgoing connections (from 32,768 on Linux, 49,152 elsewhere): a server that is killed
// finds its port free again, and no client that tries to reach it meanwhile is connected to itself.
const FIRST = 12_000;
const LAST = 32_767;

const listen = (port: number): Promise<Server | null> => {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null)).listen(port, '127.0.0.1', () => resolve(server));
  });
};

/** A port of 127.0.0.1 on which nobody listened a moment ago. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    const server = await listen(port);
    if (server === null) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
};
