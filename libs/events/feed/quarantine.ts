import type { Redis } from 'ioredis';
import * as z from 'zod';
import { eventKeys } from '../keys.ts';
import { unavailable } from '../unavailable.ts';
import { FEED_GROUPS } from './groups.ts';

/** Why a stream is set aside: the last failure of the follower that gave up. */
export const Quarantined = z.object({
  stream: z.string(),
  group: z.enum(FEED_GROUPS),
  /** Stable error code, or `unknown`. */
  code: z.string(),
  message: z.string(),
  version: z.int(),
  time: z.string(),
});
export type Quarantined = z.infer<typeof Quarantined>;

export interface Quarantine {
  get(stream: string): Promise<Quarantined | null>;
  list(): Promise<readonly Quarantined[]>;
  put(entry: Quarantined): Promise<void>;
  /** Lets the stream back in and tells every follower of it. `false` when it was not in quarantine. */
  lift(stream: string): Promise<boolean>;
}

/** Streams that followers failed on again and again: commands to them are refused until a person lifts them. */
export const createQuarantine = ({ redis, tag }: { readonly redis: Redis; readonly tag: string }): Quarantine => {
  const keys = eventKeys(tag);
  const parse = (json: string) => Quarantined.parse(JSON.parse(json));
  return {
    get: async (stream) => {
      const json = await redis.hget(keys.quarantine, stream).catch(unavailable);
      return json === null ? null : parse(json);
    },
    list: async () => (await redis.hvals(keys.quarantine).catch(unavailable)).map(parse),
    put: async (entry) =>
      void (await redis.hset(keys.quarantine, entry.stream, JSON.stringify(entry)).catch(unavailable)),
    lift: async (stream) => {
      const head = await redis.hget(keys.heads, stream).catch(unavailable);
      const version = Number.parseInt(head ?? '0', 10);
      const strikes = FEED_GROUPS.map((group) => strikeField(group, stream));
      const replies = await redis
        .multi()
        .hdel(keys.strikes, ...strikes)
        .xadd(keys.feed, '*', 's', stream, 'v', version)
        .hdel(keys.quarantine, stream)
        .exec()
        .catch(unavailable);
      const failed = replies?.find(([error]) => error)?.[0];
      if (failed) unavailable(failed);
      return replies?.at(-1)?.[1] === 1;
    },
  };
};

export const strikeField = (group: string, stream: string): string => `${group} ${stream}`;
