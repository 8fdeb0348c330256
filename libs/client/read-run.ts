import { InvalidInput, NotFound, type OutsideRecovery, type StateDocument, type WhyDocument } from '#contracts';
import {
  absent,
  fold,
  nothingObserved,
  outsideRecovery,
  type State,
  stateDocument,
  statusOf,
  waitReason,
} from '#domain';
import { entryPages, type Recorded } from '#events';
import { unavailable } from '#events/redis';
import { sentenceOf } from '#replay';

import { type ObserveDeps, observe } from './observe.ts';
import type { At } from './studio.ts';

type Known = Exclude<State, { lifecycle: 'absent' }>;

/** Facts that `why` tells: enough to see what led here, few enough to read. */
const LAST_FACTS = 8;

/** What of a stream counts: everything, or what was so at a version or a time. */
const isWithin = (at: At) => {
  if (at === 'now') return () => true;
  if ('version' in at) return ({ version }: Recorded) => version <= at.version;
  const until = Date.parse(at.time);
  return ({ time }: Recorded) => Date.parse(time) <= until;
};

const check = (at: At): void => {
  if (at === 'now') return;
  if ('version' in at && !(Number.isInteger(at.version) && at.version >= 1))
    throw new InvalidInput('the version', [`${at.version} is none: versions are whole numbers from 1`]);
  if ('time' in at && Number.isNaN(Date.parse(at.time)))
    throw new InvalidInput('the time', [`"${at.time}" is none: give it as 2026-02-02T14:30:52Z`]);
};

const known = (id: string, state: State, at: At): Known => {
  if (state.lifecycle !== 'absent') return state;
  throw at === 'now'
    ? new NotFound(`there is no orchestration ${id}: studio list shows the ones there are`, { id })
    : new NotFound(`${id} did not exist yet at that point`, { id, at });
};

const whyOf = (id: string, state: Known, last: readonly Recorded[], wait: WhyDocument['wait']): WhyDocument => {
  const ending = state.lifecycle === 'ended' ? state.outcome : null;
  return {
    id,
    version: state.head.version,
    status: statusOf(state),
    wait,
    summary: wait
      ? `${wait.detail} (${wait.owner} moves next)`
      : `${ending?.kind}${ending?.reason ? `: ${ending.reason}` : ''}`,
    facts: last.map((event) => ({
      version: event.version,
      time: event.time,
      type: event.type,
      text: sentenceOf(event),
    })),
  };
};

/** Reads of one run. Each folds the stream itself, so that nobody is told of a past that he takes for the present. */
export const createReadRun = (outside: ObserveDeps) => {
  const { log } = outside;
  /** The fold up to `at`, and the last events of it. */
  const foldUntil = async (id: string, at: At, keep: number): Promise<{ state: Known; last: readonly Recorded[] }> => {
    check(at);
    const within = isWithin(at);
    let state: State = absent;
    let last: readonly Recorded[] = [];
    for await (const page of entryPages((range) => log.read(id, range))) {
      const counted = page.filter(within);
      state = fold(counted, state);
      if (keep > 0) last = [...last, ...counted].slice(-keep);
      if (counted.length < page.length) break;
    }
    const found = known(id, state, at);
    if (at !== 'now' && 'version' in at && found.head.version < at.version)
      throw new NotFound(`${id} is at version ${found.head.version}, not yet at ${at.version}`, { id, at });
    return { state: found, last };
  };

  /** The present as it is seen from outside too; the past as the log alone tells it. */
  const reasonOf = async (state: Known, at: At) =>
    at === 'now'
      ? waitReason(state, await observe(state, outside).catch(unavailable), outside.now().toISOString())
      : waitReason(state, nothingObserved, state.updatedAt);

  return {
    async state(id: string, at: At): Promise<StateDocument> {
      const { state } = await foldUntil(id, at, 0);
      return stateDocument(state, await reasonOf(state, at));
    },

    async outsideRecovery(id: string, agent: string | null): Promise<OutsideRecovery> {
      const { state } = await foldUntil(id, 'now', 0);
      return outsideRecovery(state, agent);
    },

    known: async (id: string): Promise<Known> => (await foldUntil(id, 'now', 0)).state,

    async why(id: string): Promise<WhyDocument> {
      const { state, last } = await foldUntil(id, 'now', LAST_FACTS);
      const wait = await reasonOf(state, 'now');
      return whyOf(id, state, last, wait);
    },
  };
};
