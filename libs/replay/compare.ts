import type { EventOf, EventType, Recorded } from '#events';
import { type Difference, firstDifference } from './difference.ts';
import type { PlanPeriod } from './plan-periods.ts';
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
  'task_id',
  'until',
  'headHash',
  // What the fingerprint of a failure says, with the paths and numbers of one machine in it.
  'error',
  'error_details',
  'unblock',
  'prompt',
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

/** What is compared of a fact. */
interface Compared extends Side {
  /** `plan`: what a plan says, however it came. */
  readonly kind: EventType | 'plan';
  readonly data: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A plan is named anew in each run. */
const withoutName = (plan: unknown): unknown => {
  if (!isRecord(plan)) return plan;
  const { id: _id, ...rest } = plan;
  return rest;
};

/** What comes from outside of the run. All other texts that an agent was given name the run, its plan or its place. */
const FROM_OUTSIDE: ReadonlySet<string> = new Set(['learnings', 'backlog', 'context7']);

/** What an agent was given is the same when it had the same pieces, and those from outside said the same. */
const withoutOwnTexts = ({ pieces, ...given }: EventOf<'context.given'>['data']): unknown => ({
  ...given,
  pieces: pieces.map(({ pool, source, hash }) => ({ pool, source, ...(FROM_OUTSIDE.has(pool) ? { hash } : {}) })),
});

const dataOf = (event: Recorded): unknown => {
  if (event.type === 'context.given') return withoutOwnTexts(event.data);
  return 'plan' in event.data ? { ...event.data, plan: withoutName(event.data.plan) } : event.data;
};

const comparedOf = (event: Recorded): Compared => ({
  version: event.version,
  type: event.type,
  kind: event.type,
  text: sentenceOf(event),
  data: dataOf(event),
});

const facts = function* (events: Iterable<Recorded>): Generator<Compared> {
  for (const event of events) if (!INCIDENTAL.has(event.type)) yield comparedOf(event);
};

const sideOf = ({ version, type, text }: Compared): Side => ({ version, type, text });

const difference = (left: Compared, right: Compared): Difference | null =>
  firstDifference({ type: left.kind, data: left.data }, { type: right.kind, data: right.data }, OF_ONE_RUN);

const compare = (lefts: readonly Compared[], rights: readonly Compared[]): Comparison => {
  const parting = lefts.findIndex((left, index) => {
    const right = rights[index];
    return !right || difference(left, right) !== null;
  });
  const shared = parting < 0 ? lefts.length : parting;
  const [one, other] = [lefts[shared], rights[shared]];
  if (!one && !other) return { same: true, facts: shared };
  return {
    same: false,
    facts: shared,
    left: one ? sideOf(one) : null,
    right: other ? sideOf(other) : null,
    difference: one && other ? difference(one, other) : null,
  };
};

/** Where two runs part: the first fact of the one that the other does not have, ids and times aside. */
export const compareRuns = (left: Iterable<Recorded>, right: Iterable<Recorded>): Comparison =>
  compare([...facts(left)], [...facts(right)]);

/** What was done about a plan, and how it came out: all the rest is told of the run, whatever its plan. */
const ABOUT_WORK: ReadonlySet<EventType> = new Set([
  'step.tried',
  'step.succeeded',
  'step.skipped',
  'acceptance.checked',
  'gate.passed',
  'gate.failed',
  'gate.waived',
  'work.collected',
  'failure.recorded',
  'orchestration.completed',
  'orchestration.failed',
  'orchestration.halted',
  'orchestration.aborted',
]);

const factsOf = function* ({ plan, events }: PlanPeriod): Generator<Compared> {
  const [first] = events;
  if (first)
    yield {
      version: first.version,
      type: first.type,
      kind: 'plan',
      text: `plan ${plan.id} with ${plan.steps.length} steps`,
      data: { plan: withoutName(plan) },
    };
  for (const event of events.slice(1)) if (ABOUT_WORK.has(event.type)) yield comparedOf(event);
};

/** Where two plans part: in what they say, or else in what came of them. */
export const comparePlans = (left: PlanPeriod, right: PlanPeriod): Comparison =>
  compare([...factsOf(left)], [...factsOf(right)]);
