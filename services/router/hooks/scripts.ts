import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    studioExpectDelivery(due: string, told: string, notice: string, nowMs: number): Result<0 | 1, Context>;
    studioClaimDelivery(
      due: string,
      tries: string,
      notice: string,
      seenMs: string,
      untilMs: number,
    ): Result<number, Context>;
  }
}

const expectDelivery = readFileSync(new URL('./expect-delivery.lua', import.meta.url), 'utf8');
const claimDelivery = readFileSync(new URL('./claim-delivery.lua', import.meta.url), 'utf8');

/** Teaches a connection the scripts of the deliveries. Safe to call again. */
export const defineDeliveryScripts = (redis: Redis): void => {
  redis.defineCommand('studioExpectDelivery', { numberOfKeys: 2, lua: expectDelivery });
  redis.defineCommand('studioClaimDelivery', { numberOfKeys: 2, lua: claimDelivery });
};
