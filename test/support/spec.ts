import { expect } from 'vitest';
import { RuleViolation } from '#contracts';
import { absent, type Command, type Context, decide, evolve, fold, follow, type State } from '#domain';
import type { Event, Recorded } from '#events';
import { routing } from './facts.ts';

/** Given past facts, when a command, then exactly these facts. */

/** When commands are given; the past was before it. */
export const NOW = '2026-02-02T15:00:00.000Z';
const STREAM = 'orch_20260202_143052_a1b2c3d4e5f6';
const START_MS = Date.parse('2026-02-02T14:30:52.000Z');

export const contextOf = (change: Partial<Context> = {}): Context => ({
  stream: STREAM,
  now: NOW,
  draw: 0.5,
  actor: 'person:alice',
  routing,
  ...change,
});

/** As a log keeps it: a second for each event. */
export const recordedOf = (event: Event, version: number, time?: string): Recorded => ({
  ...event,
  id: `event-${version}`,
  stream: STREAM,
  version,
  hash: `hash-${version}`,
  time: time ?? new Date(START_MS + version * 1_000).toISOString(),
  actor: 'person:alice',
  correlationId: STREAM,
  causationId: null,
});

export type Facts = readonly (Event | readonly Event[])[];

/** The facts that were asserted, each followed by what Studio decides by itself, as in any stored history. */
const historyOf = (facts: readonly Event[]): readonly Recorded[] => {
  const history: Recorded[] = [];
  let state: State = absent;
  const take = (event: Event): void => {
    const recorded = recordedOf(event, history.length + 1);
    history.push(recorded);
    state = evolve(state, recorded);
  };
  for (const fact of facts) {
    take(fact);
    const context = () => contextOf({ now: history.at(-1)?.time ?? NOW });
    for (let next = follow(state, context()); next; next = follow(state, context())) take(next);
  }
  return history;
};

const outcomeOf = (state: State, command: Command, context: Context): readonly Event[] | RuleViolation => {
  try {
    return decide(state, command, context);
  } catch (error) {
    if (error instanceof RuleViolation) return error;
    throw error;
  }
};

/**
 * The past: what people and workers asserted. What follows from it by itself (routes, dispatches, questions,
 * checkpoints) is put in, so a given history is always one that could have happened.
 */
export const given = (...facts: Facts) => {
  const history = historyOf(facts.flat());
  const state = fold(history);
  return {
    history,
    state,
    when: (command: Command, change: Partial<Context> = {}) => {
      const outcome = outcomeOf(state, command, contextOf(change));
      const events = (): readonly Event[] => {
        if (outcome instanceof RuleViolation) throw outcome;
        return outcome;
      };
      return {
        /** Order, count and every field; and that nothing more follows from them by itself. */
        thenEvents: (...expected: Facts): void => {
          expect(events()).toEqual(expected.flat());
          const after = fold(
            events().map((event, index) => recordedOf(event, history.length + index + 1, NOW)),
            state,
          );
          expect(follow(after, contextOf(change))).toBeNull();
        },
        thenNothing: (): void => expect(events()).toEqual([]),
        thenRejects: (code: string): void => expect(outcome).toMatchObject({ name: 'RuleViolation', code }),
      };
    },
  };
};
