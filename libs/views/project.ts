import type { Redis } from 'ioredis';
import { absent, fold, type State } from '#domain';
import type { EventLog } from '#events';
import { viewKeys } from './keys.ts';
import { rowOf } from './row.ts';
import { defineViewScripts } from './scripts.ts';

export interface ProjectorOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: Pick<EventLog, 'read' | 'streams'>;
}

/** Events, and streams, read at once. */
const PAGE = 1_000;
/** Streams that are rebuilt at the same time: what one waits for Redis, another folds. */
const AT_ONCE = 32;
/** States kept, so that a stream that moves is read from where it was left. */
const KEPT_STATES = 1_000;

/**
 * Brings rows of the list view up to the log. Any number of projectors may work side by side, on the same stream too:
 * a row is replaced by a newer one only.
 */
export const createProjector = ({ redis, tag, log }: ProjectorOptions) => {
  defineViewScripts(redis);
  const keys = viewKeys(tag);
  const states = new Map<string, State>();

  const keep = (stream: string, state: State): void => {
    states.delete(stream);
    if (state.lifecycle !== 'live') return; // what has ended hardly moves again
    states.set(stream, state);
    const oldest = states.size > KEPT_STATES ? states.keys().next().value : undefined;
    if (oldest !== undefined) states.delete(oldest);
  };

  const load = async (stream: string): Promise<State> => {
    let state = states.get(stream) ?? absent;
    for (;;) {
      const page = await log.read(stream, { after: state.head.version, limit: PAGE });
      state = fold(page, state);
      if (page.length < PAGE) return state;
    }
  };

  /** @returns true when the row changed */
  const project = async (stream: string): Promise<boolean> => {
    const state = await load(stream);
    keep(stream, state);
    if (state.lifecycle === 'absent') return false;
    const row = JSON.stringify(rowOf(state));
    return (await redis.studioStoreRow(keys.rows, keys.indexes, keys.indexPrefix, stream, row)) === 1;
  };

  return { project };
};

/**
 * Drops the list view and makes it again from the log. Lists are short meanwhile; projectors that run do no harm.
 * @returns how many rows there are
 */
export const rebuildViews = async (options: ProjectorOptions): Promise<number> => {
  const { redis, tag, log } = options;
  defineViewScripts(redis);
  const keys = viewKeys(tag);
  await redis.studioDropViews(keys.rows, keys.indexes, keys.indexPrefix);
  const { project } = createProjector(options);
  let rows = 0;
  for (let after: string | undefined; ; ) {
    const streams = await log.streams('all', after === undefined ? { limit: PAGE } : { after, limit: PAGE });
    for (let i = 0; i < streams.length; i += AT_ONCE) await Promise.all(streams.slice(i, i + AT_ONCE).map(project));
    rows += streams.length;
    after = streams.at(-1);
    if (after === undefined) return rows;
  }
};
