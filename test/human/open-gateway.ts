import { join } from 'node:path';
import { startGateway } from '#gateway';
import { createHandFolders } from '#host/hand-folders';
import { createLogger } from '#runtime/logger';
import { builtInConfig } from '../support/orchestration.ts';
import type { HandScene } from './by-hand.ts';

/** A gateway on the machine on which the work is done. */
export const openGateway = async ({ folder, redis, tag, env }: HandScene) => {
  const config = { ...(await builtInConfig()), gateway: { host: '127.0.0.1', port: 0 } };
  const logger = createLogger({ name: 'test', level: 'error' });
  const studioDir = join(folder, 'host', '.studio');
  const handFolders = async () => createHandFolders({ config, studioDir, env });
  const { url, stop } = await startGateway({ redis, tag, config, studioDir, handFolders, version: '0', logger });
  const read = async (reply: Response) => ({ status: reply.status, body: (await reply.json()) as unknown });
  return {
    stop,
    get: async (path: string) => (await read(await fetch(`${url}${path}`))).body,
    post: async (path: string, body?: unknown) =>
      read(
        await fetch(`${url}${path}`, {
          method: 'POST',
          ...(body === undefined
            ? {}
            : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        }),
      ),
  };
};
