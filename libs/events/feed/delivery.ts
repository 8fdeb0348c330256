import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { StudioError } from '#contracts';
import { NewerEvent } from '../errors.ts';
import { eventKeys } from '../keys.ts';
import type { FeedGroup, Moved } from './groups.ts';
import { createQuarantine, strikeField } from './quarantine.ts';

/** Deliveries of a stream that may fail, or end with the process, before it is quarantined. */
const MAX_FAILED_DELIVERIES = 5;

/** An entry of the feed on its way through a handler. */
export interface Delivery {
  /** `null` when the index named the stream, not the feed: nothing to acknowledge. */
  readonly id: string | null;
  readonly version: number;
  /** True when another try did not acknowledge it. */
  readonly again: boolean;
}

export interface DeliveryOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly group: FeedGroup;
  readonly handle: (moved: Moved) => Promise<void>;
  readonly onError: (error: unknown, stream: string | null) => void;
  readonly now: () => Date;
}

/**
 * A failure that says nothing against the stream: a dependency is away, a race was lost, or the event is for a newer
 * process. It is not counted; the entry stays unacknowledged and comes again.
 */
const isExcused = (error: unknown): boolean =>
  error instanceof NewerEvent ||
  (error instanceof StudioError && (error.remedy === 'retry' || error.remedy === 'reload'));

/** Whatever is done in one turn of the event loop is acknowledged by one command. */
const createAcknowledge = (redis: Redis, feed: string, group: FeedGroup) => {
  let done: { readonly ids: string[]; readonly sent: Promise<unknown> } | null = null;
  return async (deliveries: readonly Delivery[]): Promise<void> => {
    const ids = deliveries.flatMap(({ id }) => (id === null ? [] : [id]));
    if (ids.length === 0) return;
    if (done === null) {
      const all: string[] = [];
      const send = () => {
        done = null;
        return redis.xack(feed, group, ...all);
      };
      done = { ids: all, sent: nextTurn().then(send) };
    }
    done.ids.push(...ids);
    await done.sent;
  };
};

/**
 * Hands the deliveries of one stream to the handler, and acknowledges them after success. Failures are counted in the
 * log, before a second try begins, so that a stream that kills its handlers is found out too.
 */
export const createDelivery = (options: DeliveryOptions) => {
  const { redis, tag, group, handle, onError, now } = options;
  const keys = eventKeys(tag);
  const quarantine = createQuarantine({ redis, tag });

  const count = (stream: string, by: 1 | -1) => redis.hincrby(keys.strikes, strikeField(group, stream), by);

  const acknowledge = createAcknowledge(redis, keys.feed, group);

  const setAside = async ({ stream, version }: Moved, deliveries: readonly Delivery[], error: unknown) => {
    const code = error instanceof StudioError ? error.code : 'unknown';
    const message = error instanceof Error ? error.message : String(error);
    await quarantine.put({ stream, group, code, message, version, time: now().toISOString() });
    await acknowledge(deliveries);
  };

  /** The stream was named by the index and failed: from here on the feed carries it. */
  const announce = ({ stream, version }: Moved, deliveries: readonly Delivery[]) =>
    deliveries.every(({ id }) => id === null) ? redis.xadd(keys.feed, '*', 's', stream, 'v', version) : null;

  const fail = async (moved: Moved, deliveries: readonly Delivery[], error: unknown, counted: number) => {
    onError(error, moved.stream);
    if (isExcused(error)) {
      if (counted > 0) await count(moved.stream, -1);
      await announce(moved, deliveries);
      return;
    }
    const failures = counted > 0 ? counted : await count(moved.stream, 1);
    if (failures >= MAX_FAILED_DELIVERIES) await setAside(moved, deliveries, error);
    else await announce(moved, deliveries);
  };

  const deliver = async (moved: Moved, deliveries: readonly Delivery[]) => {
    const counted = deliveries.some(({ again }) => again) ? await count(moved.stream, 1) : 0;
    if (counted > MAX_FAILED_DELIVERIES) {
      const error = new Error(`the process ended in each of ${MAX_FAILED_DELIVERIES} deliveries`);
      onError(error, moved.stream);
      return setAside(moved, deliveries, error);
    }
    try {
      await handle(moved);
    } catch (error) {
      return fail(moved, deliveries, error, counted);
    }
    if (counted > 0) await redis.hdel(keys.strikes, strikeField(group, moved.stream));
    await acknowledge(deliveries);
  };

  /** Never rejects: what goes wrong on the way is reported, and the entry comes again. */
  return async (stream: string, deliveries: readonly Delivery[]): Promise<void> => {
    const version = Math.max(...deliveries.map((delivery) => delivery.version));
    await deliver({ stream, version }, deliveries).catch((error) => onError(error, stream));
  };
};
