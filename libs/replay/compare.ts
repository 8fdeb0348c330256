import type { EventType, Recorded } from '#events';
import { type Difference, firstDifference } from './difference.ts';
import { sentenceOf } from './sentence.ts';

/** What is different in every run: ids, times, places, and what programs happened to print. */
const OF_ONE_RUN: ReadonlySet<string> = new Set([
  'lease',
  'seq',
  'dispatch',
  'worker',
  'checkpoint',
  'child',
  'parent',
  'bases',
  'durationMs',
  'notBefore',
  'deadline',
  'draw',
  'output',
  'root',
  'workspace',
  'base',
  'branch',
  'commit',
  'missing',
  'keep',
  'plan_id',
  'labels',
  'priority',
  'trigger',
]);

/** Who was alive and what was said on the way is no fact about the work. */
const INCIDENTAL: ReadonlySet<EventType> = new Set(['agent.progressed', 'agent.started', 'lease.released']);

export interface Side {
  readonly version: number;
  readonly type: EventType;
  readonly text: string;
}

export type Comparison =
  | { readonly same: true; readonly facts: number }
  | {
      readonly same: false;
      /** Facts that both runs have in common before they part. */
      readonly facts: number;
      /** `null`: that run had ended. */
      readonly left: Side | null;
      readonly right: Side | null;
      readonly difference: Difference | null;
    };

const facts = function* (events: Iterable<Recorded>): Generator<Recorded> {
  for (const event of events) if (!INCIDENTAL.has(event.type)) yield event;
};

const sideOf = (event: Recorded | undefined): Side | null =>
  event ? { version: event.version, type: event.type, text: sentenceOf(event) } : null;

const difference = (left: Recorded, right: Recorded): Difference | null =>
  firstDifference({ type: left.type, data: left.data }, { type: right.type, data: right.data }, OF_ONE_RUN);

/** Where two runs part: the first fact of the one that the other does not have, ids and times aside. */
export const compareRuns = (left: Iterable<Recorded>, right: Iterable<Recorded>): Comparison => {
  const lefts = facts(left);
  const rights = facts(right);
  for (let shared = 0; ; shared += 1) {
    const one = lefts.next().value as Recorded | undefined; // a finished generator of these yields undefined
    const other = rights.next().value as Recorded | undefined;
    if (!one && !other) return { same: true, facts: shared };
    const found = one && other ? difference(one, other) : null;
    if (one && other && !found) continue;
    return { same: false, facts: shared, left: sideOf(one), right: sideOf(other), difference: found };
  }
};
