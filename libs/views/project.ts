import type { Redis } from 'ioredis';
import { absent, fold, type State } from '#domain';
import { type EventLog, entryPages, streamPages } from '#events';
import { viewKeys } from './keys.ts';
import { storeLearnings } from './learnings.ts';
import { rowOf } from './row.ts';
import { defineViewScripts } from './scripts.ts';

export interface ProjectorOptions {
  readonly redis: Redis;
  readonly tag: string;
  /** The state of a stream, at `atLeast` or newer. */
  readonly load: (stream: string, atLeast?: number) => Promise<State>;
}

/** Streams read at once. */
const PAGE = 1_000;
/** Streams that are rebuilt at the same time: what one waits for Redis, another folds. */
const AT_ONCE = 32;

/**
 * Brings rows of the list view up to the log. Any number of projectors may work side by side, on the same stream too:
 * a row is replaced by a newer one only.
 */
export const createProjector = ({ redis, tag, load }: ProjectorOptions) => {
  defineViewScripts(redis);
  const keys = viewKeys(tag);
  return {
    /** @returns true when the row changed */
    project: async (stream: string, atLeast?: number): Promise<boolean> => {
      const state = await load(stream, atLeast);
      if (state.lifecycle === 'absent') return false;
      await storeLearnings(redis, tag, state);
      const row = JSON.stringify(rowOf(state));
      return (await redis.studioStoreRow(keys.rows, keys.indexes, keys.indexPrefix, stream, row)) === 1;
    },
  };
};

/** Folds a stream from its beginning each time, a page in memory at once. */
export const loadFrom =
  (log: Pick<EventLog, 'read'>): ProjectorOptions['load'] =>
  async (stream) => {
    let state: State = absent;
    for await (const page of entryPages((range) => log.read(stream, range))) state = fold(page, state);
    return state;
  };

export interface RebuildOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: Pick<EventLog, 'read' | 'streams'>;
}

/**
 * Drops the list view and makes it again from the log. Lists are short meanwhile; projectors that run do no harm.
 * @returns how many rows there are
 */
export const rebuildViews = async ({ redis, tag, log }: RebuildOptions): Promise<number> => {
  defineViewScripts(redis);
  const keys = viewKeys(tag);
  await redis.studioDropViews(keys.rows, keys.indexes, keys.indexPrefix);
  await redis.del(keys.learnings);
  const { project } = createProjector({ redis, tag, load: loadFrom(log) });
  let rows = 0;
  for await (const streams of streamPages(log, 'all', PAGE)) {
    for (let i = 0; i < streams.length; i += AT_ONCE)
      await Promise.all(streams.slice(i, i + AT_ONCE).map((stream) => project(stream)));
    rows += streams.length;
  }
  return rows;
};
