import assert from 'node:assert/strict';
import { createService } from '../src/server.ts';

/** Starts the service on a free port, asks it once, and stops it. */
export const request = async (path: string, method = 'GET'): Promise<{ status: number; body: unknown }> => {
  const service = createService();
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  try {
    const address = service.address();
    assert(address !== null && typeof address === 'object');
    const response = await fetch(`http://127.0.0.1:${address.port}${path}`, {
      method,
      headers: { connection: 'close' },
    });
    return { status: response.status, body: await response.json() };
  } finally {
    await new Promise((resolve) => service.close(resolve));
  }
};
