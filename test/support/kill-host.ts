import { readHost } from '#host/client';
import { waitUntil } from './wait-until.ts';

/** Ends whoever hosts a folder, without a word; resolves when it is gone. @throws {Error} nobody does */
export const killHost = async (studioDir: string): Promise<void> => {
  const host = await readHost(studioDir);
  if (host === null) throw new Error(`there is no host of ${studioDir}`);
  process.kill(host.pid, 'SIGKILL');
  await waitUntil('the host is gone', async () => (await readHost(studioDir))?.pid !== host.pid);
};
