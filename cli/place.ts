import { ensureHost, type HostPlace } from '#host/client';
import type { RedisEndpoint } from '#runtime';
import type { Io } from './io.ts';

/** Hash tag of every key and queue, where the environment names no other. */
const DEFAULT_TAG = '{studio}';

type Place = Omit<HostPlace, 'endpoint'> & { readonly endpoint: RedisEndpoint };

/** Where the Redis is: the one that REDIS_URL names, or the host of this folder, which is started if need be. */
export const placeOf = async (studioDir: string, env: Io['env']): Promise<Place> => {
  const url = env.REDIS_URL;
  if (url) return { endpoint: { url }, tag: env.STUDIO_TAG ?? DEFAULT_TAG, unknownToHost: [] };
  return ensureHost({ studioDir, env });
};
