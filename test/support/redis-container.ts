import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import { freePort } from './free-port.ts';
import type { TestServer } from './redis-server.ts';

const IMAGE = 'redis:7-alpine';
const LISTENING = Wait.forLogMessage(/Ready to accept connections/);

/** True where a container engine answers. */
export const hasContainerEngine = (): Promise<boolean> =>
  getContainerRuntimeClient().then(
    () => true,
    () => false,
  );

/**
 * Starts Redis in a container.
 * @param network `host` for engines without a bridge network: the server then binds to 127.0.0.1 itself
 */
export const startRedisContainer = async (network: string | undefined): Promise<TestServer> => {
  const command = ['redis-server', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  if (network === 'host') {
    const port = await freePort();
    const container = await new GenericContainer(IMAGE)
      .withNetworkMode('host')
      .withCommand([...command, '--bind', '127.0.0.1', '--port', String(port)])
      .withWaitStrategy(LISTENING)
      .start();
    return { url: `redis://127.0.0.1:${port}`, stop: async () => void (await container.stop()) };
  }
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts(6379)
    .withCommand(command)
    .withWaitStrategy(LISTENING)
    .start();
  const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`;
  return { url, stop: async () => void (await container.stop()) };
};
