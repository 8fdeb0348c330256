import type { Recorded, RecordedOf } from '#events';
import { fc } from './fast-check.ts';
import { type Story, story } from './moves.ts';
import { type Given, simulate } from './simulation.ts';

/** Every rule tells so many stories of up to so many moves; a failure prints its seed and the shortest story. */
const RUNS = { numRuns: Number(process.env.STUDIO_TEST_STORIES ?? 25) };
/** To be given to `vi.setConfig` by a file whose tests tell stories: that of all tests, and more for many stories. */
export const TIMEOUT_MS = 600_000 + RUNS.numRuns * 400;

export const always = (holds: (story: Story) => void): void => fc.assert(fc.property(story(), holds), RUNS);

export const afterEachCommand = (holds: (given: Given) => void): void =>
  always((told) => {
    for (const given of simulate(told).given) holds(given);
  });

/** The histories of a run, one after the other: going back begins another. */
export const histories = (log: readonly Recorded[]): readonly (readonly Recorded[])[] => {
  const all: Recorded[][] = [[]];
  for (const event of log) {
    if (event.type === 'orchestration.resumed') all.push([]);
    all.at(-1)?.push(event);
  }
  return all;
};

export interface DecidedFailure {
  readonly failure: RecordedOf<'failure.recorded'>['data'];
  readonly recovery: RecordedOf<'recovery.decided'>['data'];
}

/** Failures, each with what was decided about it; a person, who changed what is tried, as `null`. */
export const failuresIn = (history: readonly Recorded[]): readonly (DecidedFailure | null)[] =>
  history.flatMap((event, index): readonly (DecidedFailure | null)[] => {
    if (event.type === 'interaction.closed') return [null];
    const next = history[index + 1];
    if (event.type !== 'failure.recorded') return [];
    if (next?.type !== 'recovery.decided') throw new Error(`nothing was decided about the failure at ${event.version}`);
    return [{ failure: event.data, recovery: next.data }];
  });

/** How often each key comes up to the most. */
export const mostOf = (keys: readonly string[]): number => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Math.max(0, ...counts.values());
};
