import { absent, evolve, follow, type RoutingPolicy, type State } from '#domain';
import type { Event, EventType, Recorded } from '#events';
import { contextOf } from './decision-context.ts';
import { firstDifference } from './difference.ts';

/** Only Studio itself decides these. A person may name a checkpoint, so a `checkpoint.saved` may also be asserted. */
const DECISIONS: ReadonlySet<EventType> = new Set([
  'route.decided',
  'recovery.decided',
  'agent.dispatched',
  'interaction.opened',
  'handoff.recorded',
  'children.planned',
  'child.started',
  'orchestration.completed',
  'orchestration.halted',
]);

/** Ids are drawn or taken from the clock when they are allocated; the rest follows from state and policy. */
const ALLOCATED: ReadonlySet<string> = new Set(['checkpoint', 'child']);

export type Verified =
  | { readonly outcome: 'agrees'; readonly events: number; readonly decisions: number }
  | {
      readonly outcome: 'differs';
      readonly version: number;
      readonly type: EventType;
      /** Where the two part: `type`, `data.confidence`, … */
      readonly field: string;
      readonly recorded: unknown;
      /** `null` where nothing would be decided. */
      readonly recomputed: unknown;
    }
  /** The routing table that this run was started under is not at hand, so nothing can be said. */
  | { readonly outcome: 'policy_unknown'; readonly version: number; readonly policyHash: string };

/** After it a run goes another way, whatever would have followed by itself. */
const isTurn = ({ type }: Recorded): boolean => type === 'orchestration.resumed' || type === 'orchestration.forked';

/** Versions of the facts that turn a run, and of the questions and the work that a turn closes first: nothing had to lead there. */
const turning = (events: readonly Recorded[]): ReadonlySet<number> => {
  const versions = new Set<number>();
  for (const [index, event] of events.entries()) {
    if (!isTurn(event)) continue;
    versions.add(event.version);
    for (const before of events.slice(0, index).reverse()) {
      if (before.type !== 'interaction.closed' && before.type !== 'work.closed') break;
      if (before.data.outcome !== 'superseded') break;
      versions.add(before.version);
    }
  }
  return versions;
};

/** What a fork copied was decided in the run that it comes from, under the name of that run. */
const underTheirNames = (events: readonly Recorded[]): readonly Recorded[] => {
  const forks = events.filter((event) => event.type === 'orchestration.forked');
  if (forks.length === 0) return events;
  return events.map((event) => {
    const copiedBy = forks.find(({ data }) => event.version <= data.version);
    return copiedBy ? { ...event, stream: copiedBy.data.from } : event;
  });
};

/** The routing table of a policy hash, as a run records it, or `null`. */
export type PolicyOf = (policyHash: string) => RoutingPolicy | null;

/** Of a run whose agents somebody else drives Studio decides the route; that it is done is told like all the rest. */
const isDecision = ({ type }: Recorded, state: State): boolean =>
  DECISIONS.has(type) &&
  (state.lifecycle === 'absent' || state.submission.driver === 'studio' || type === 'route.decided');

const disagreement = (event: Recorded, expected: Event | null, state: State): Verified | null => {
  const { version, type } = event;
  if (expected === null) {
    if (!isDecision(event, state)) return null;
    return { outcome: 'differs', version, type, field: 'type', recorded: type, recomputed: null };
  }
  const found = firstDifference({ type, data: event.data }, { type: expected.type, data: expected.data }, ALLOCATED);
  return (
    found && { outcome: 'differs', version, type, field: found.field, recorded: found.left, recomputed: found.right }
  );
};

const policyHashOf = (event: Recorded, state: State): string | null => {
  if (state.lifecycle !== 'absent') return state.submission.policy.hash;
  return event.type === 'goal.submitted' ? event.data.policy.hash : null;
};

/**
 * Recomputes every decision of a run from the state before it, under the policy that the run recorded, with the time and
 * the draw that were used then. Names the first event that today's code would not have decided, or would have decided
 * before another was asserted.
 */
export const verifyDecisions = (stored: Iterable<Recorded>, policyOf: PolicyOf): Verified => {
  const events = underTheirNames([...stored]);
  const turns = turning(events);
  let state: State = absent;
  let seen = 0;
  let decisions = 0;
  for (const event of events) {
    const policyHash = policyHashOf(event, state);
    const routing = policyHash === null ? null : policyOf(policyHash);
    if (routing === null) return { outcome: 'policy_unknown', version: event.version, policyHash: policyHash ?? '' };
    const expected = turns.has(event.version) ? null : follow(state, contextOf(event, routing));
    const found = disagreement(event, expected, state);
    if (found) return found;
    if (expected !== null) decisions += 1;
    seen += 1;
    state = evolve(state, event);
  }
  return { outcome: 'agrees', events: seen, decisions };
};
