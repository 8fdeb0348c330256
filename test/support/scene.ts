import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Studio } from '#client';
import { type StateDocument, Unavailable } from '#contracts';
import { type DurableRedis, startDurableRedis } from './durable-redis.ts';
import { createFleet, ensureBuilt, type Fleet } from './fleet.ts';
import { studioAt } from './orchestration.ts';
import { PATIENCE_MS, waitUntil } from './wait-until.ts';

/** A Redis of its own, a fleet on it, and a client: everything a test of whole processes needs. */
export interface Scene {
  readonly folder: string;
  readonly tag: string;
  readonly server: DurableRedis;
  readonly redis: Redis;
  readonly fleet: Fleet;
  readonly studio: Studio;
  /** Takes everything down, kills included; safe to call whatever happened before. */
  readonly end: () => Promise<void>;
}

export interface SceneOptions {
  /** Environment of the services and configuration of the client. */
  readonly env?: Readonly<Record<string, string>>;
}

export const setScene = async ({ env = {} }: SceneOptions = {}): Promise<Scene> => {
  await ensureBuilt();
  const folder = await mkdtemp(join(tmpdir(), 'studio-scene-'));
  await mkdir(join(folder, 'host'));
  const tag = `{studio-test-${randomBytes(4).toString('hex')}}`;
  const server = await startDurableRedis();
  const redis = new Redis(server.url);
  redis.on('error', () => {}); // each command reports its own failure
  const fleet = await createFleet({ redisUrl: server.url, tag, folder: join(folder, 'host'), env });
  const studio = await studioAt({ redis, tag }, env);
  const end = async (): Promise<void> => {
    await fleet.stop();
    await studio.close();
    redis.disconnect();
    await server.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  return { folder, tag, server, redis, fleet, studio, end };
};

/** As a producer should: the same goal with the same key, until there is an answer. @returns the id */
export const submitUntilTaken = async (studio: Studio, goal: unknown): Promise<string> => {
  for (;;) {
    try {
      const answer = await studio.submit(goal);
      if (answer.outcome === 'created' || answer.outcome === 'duplicate') return answer.id;
      throw new Error(`the goal was not taken: ${answer.problems.join('; ')}`);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
};

/** Runs that did not complete, each with the state or reason it is in. */
export const unfinished = async (studio: Studio, ids: readonly string[]): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const id of ids) {
    const { outcome, wait, version } = await studio.state(id);
    if (outcome?.kind !== 'completed')
      found.push(`${id} at ${version}: ${outcome?.reason ?? outcome?.kind ?? `${wait?.kind}: ${wait?.detail}`}`);
  }
  return found;
};

/** Waits until a run asks a person something. @returns its state then */
export const untilAsked = async (studio: Studio, id: string, timeoutMs = PATIENCE_MS): Promise<StateDocument> => {
  let state = await studio.state(id);
  const isAsked = async (): Promise<boolean> => {
    state = await studio.state(id);
    return state.interactions.some(({ outcome }) => outcome === null);
  };
  await waitUntil(`${id} asks something`, isAsked, timeoutMs);
  return state;
};

/** Waits until all runs have ended, whatever Redis is going through. */
export const untilEnded = async (studio: Studio, ids: readonly string[], timeoutMs = PATIENCE_MS): Promise<void> => {
  const open = new Set(ids);
  await waitUntil(
    'every run has ended',
    async () => {
      for (const id of open) {
        const state = await studio.state(id).catch(() => null);
        if (state?.outcome) open.delete(id);
      }
      return open.size === 0;
    },
    timeoutMs,
  ).catch(async (error: unknown) => {
    throw new Error((await unfinished(studio, [...open])).join('\n'), { cause: error });
  });
};
