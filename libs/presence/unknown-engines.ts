import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { rememberedEngines } from './engine-names.ts';
import { BEAT_MS, workersAlive } from './presence.ts';

interface UnknownEnginesOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly now: () => Date;
  /** Names that workers may have by their next look, where that is known: for another one nobody waits. */
  readonly possible?: (() => Promise<readonly string[]>) | undefined;
}

interface Looked {
  /** Worker → its last beat. */
  readonly beats: ReadonlyMap<string, string>;
  readonly unknown: readonly string[];
  readonly known: readonly string[];
}

const LOOK_EVERY_MS = 200;
/** A beat that is late counts as one that says nothing new. */
const PATIENCE_MS = 1.5 * BEAT_MS;
/** Whoever invents names shall not fill the memory. */
const MOST_NAMES = 1_000;

/**
 * Which of these engines no worker has, and those that there are. Somebody may have configured one a moment ago, so a name
 * is unknown only when all workers have looked again, which takes up to a beat; for that long it is then not waited for anew.
 * @returns `null` when all are known, and when no worker is alive who could know
 */
export const createUnknownEngines = ({ redis, tag, now, possible }: UnknownEnginesOptions) => {
  const lookedFor = new Map<string, number>();

  const look = async (named: readonly string[]): Promise<Looked> => {
    const [workers, known] = await Promise.all([workersAlive(redis, tag, now()), rememberedEngines(redis, tag, now())]);
    const knowing = workers.filter(({ engines }) => engines.length > 0);
    const beats = new Map(knowing.map(({ id, seen_at }) => [id, seen_at]));
    const unknown = beats.size === 0 ? [] : named.filter((name) => !known.includes(name));
    return { beats, unknown, known: known.toSorted() };
  };

  const wasLookedFor = (name: string): boolean =>
    (lookedFor.get(name) ?? Number.NEGATIVE_INFINITY) > performance.now() - BEAT_MS;

  const isHopeless = async ({ unknown }: Looked): Promise<boolean> => {
    if (!possible || unknown.length === 0) return false;
    const names = await possible();
    return unknown.some((name) => !names.includes(name));
  };

  /** Until nobody is left who has not looked again, or until they have had their time. */
  const lookAgain = async (named: readonly string[], first: Looked): Promise<Looked> => {
    const until = performance.now() + (first.unknown.every(wasLookedFor) ? 0 : PATIENCE_MS);
    let seen = first;
    const isOld = ([id, beat]: readonly [string, string]) => first.beats.get(id) === beat;
    while (seen.unknown.length > 0 && [...seen.beats].some(isOld) && performance.now() < until) {
      await sleep(LOOK_EVERY_MS);
      seen = await look(named);
    }
    return seen;
  };

  return async (named: readonly string[]): Promise<Looked | null> => {
    if (named.length === 0) return null;
    const first = await look(named);
    const seen = (await isHopeless(first)) ? first : await lookAgain(named, first);
    if (seen.unknown.length === 0) return null;
    if (lookedFor.size > MOST_NAMES) lookedFor.clear();
    for (const name of seen.unknown) lookedFor.set(name, performance.now());
    return seen;
  };
};
