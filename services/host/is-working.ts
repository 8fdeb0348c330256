import { Role } from '#contracts';
import { workQueue } from '#queues';
import { connectRedis } from '#runtime';
import type { HostDocument } from './host-file.ts';

/**
 * Whether a worker of this host holds an attempt. It could be handed to another, but its step would begin again.
 * @remarks a host that does not answer within the patience of a client works on nothing that an end could disturb
 */
export const isWorking = async ({ socketPath, tag }: HostDocument): Promise<boolean> => {
  const redis = await connectRedis({ socketPath, name: 'host-check' }).catch(() => null);
  if (redis === null) return false;
  try {
    const active = await Promise.all(Role.options.map((role) => redis.llen(`${tag}:${workQueue(role)}:active`)));
    return active.some((jobs) => jobs > 0);
  } finally {
    redis.disconnect();
  }
};
