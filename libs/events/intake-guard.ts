import type { Redis } from 'ioredis';
import { SystemFull } from './errors.ts';
import { unavailable } from './unavailable.ts';

export interface MemoryPressure {
  readonly usedBytes: number;
  /** `null` when the server has no limit of its own. */
  readonly maxBytes: number | null;
  /** Used part of the limit, 0 to 1; 0 without a limit. */
  readonly used: number;
}

const numberOf = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);

/** How full the server's memory is. */
export const memoryPressure = async (redis: Redis): Promise<MemoryPressure> => {
  const info = await redis.info('memory').catch(unavailable);
  const usedBytes = numberOf(info, 'used_memory');
  const maxBytes = numberOf(info, 'maxmemory');
  return maxBytes === 0 ? { usedBytes, maxBytes: null, used: 0 } : { usedBytes, maxBytes, used: usedBytes / maxBytes };
};

export interface IntakeGuardOptions {
  readonly redis: Redis;
  /** Part of maxmemory from which on nothing new is taken in: what runs needs the rest to end. Default 0.8. */
  readonly fullAt?: number;
  /** The server is asked at most so often. Default 1 s. */
  readonly cacheMs?: number;
  readonly nowMs?: () => number;
}

/**
 * Asked before a goal is taken in.
 * @returns a function that resolves when there is room
 * @throws {SystemFull} @throws {Unavailable} both from the function it returns
 */
export const createIntakeGuard = (options: IntakeGuardOptions): (() => Promise<void>) => {
  const { redis, fullAt = 0.8, cacheMs = 1_000, nowMs = Date.now } = options;
  let asked: Promise<MemoryPressure> | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;

  return async () => {
    if (asked === null || nowMs() - askedMs >= cacheMs) {
      askedMs = nowMs();
      asked = memoryPressure(redis);
      asked.catch(() => (asked = null)); // a failed answer is not kept
    }
    const { used, usedBytes, maxBytes } = await asked;
    if (used < fullAt) return;
    throw new SystemFull(
      `redis uses ${Math.round(used * 100)} % of its memory, new goals are taken up to ${Math.round(fullAt * 100)} %: move ended runs to files (studio archive) or raise maxmemory, then submit again`,
      { usedBytes, maxBytes, fullAt },
    );
  };
};
