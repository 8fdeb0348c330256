import { expect, test } from 'vitest';
import type { Command, State } from '#domain';
import { conclude, currentInvocation, evolve, fold, follow, nothingObserved, react, waitReason } from '#domain';
import type { Recorded, RecordedOf } from '#events';
import { planOf, routing } from '../../test/support/facts.ts';
import { fc } from '../../test/support/fast-check.ts';
import { type Story, story } from '../../test/support/moves.ts';
import { type Simulation, simulate } from '../../test/support/simulation.ts';
import { contextOf, recordedOf } from '../../test/support/spec.ts';
import { verifyDecisions } from './verify-decisions.ts';

/** Going back while everything else goes on. */
interface Turn {
  readonly before: number;
  readonly pick: number;
  readonly how: 'back' | 'latest' | 'resume';
}

const turns = fc.array(
  fc.record({
    before: fc.nat(50),
    pick: fc.nat(20),
    how: fc.constantFrom('back' as const, 'back' as const, 'latest' as const, 'resume' as const),
  }),
  { minLength: 1, maxLength: 5 },
);

const commandOf = (state: State, { pick, how }: Turn): Command => {
  if (how !== 'back') return { type: how === 'resume' ? 'resume' : 'rewind', checkpoint: null };
  const saved = state.lifecycle === 'absent' ? [] : state.checkpoints;
  return { type: 'rewind', checkpoint: saved[pick % Math.max(1, saved.length)]?.id ?? 'cp_0' };
};

const tell = (told: Story, turnings: readonly Turn[]): Simulation =>
  simulate(told, (simulation, move) => {
    for (const turn of turnings) if (turn.before === move) simulation.give(commandOf(simulation.state(), turn));
  });

/** A failure prints its seed and the shortest story. */
const RUNS = { numRuns: 25 };
const always = (holds: (simulation: Simulation) => void) =>
  fc.assert(
    fc.property(story(), turns, (told, turnings) => holds(tell(told, turnings))),
    RUNS,
  );

const resumptions = (log: readonly Recorded[]): readonly RecordedOf<'orchestration.resumed'>[] =>
  log.filter((event) => event.type === 'orchestration.resumed');

test('a history that goes back folds from any state on the way, and verifies', () =>
  always(({ log, given }) => {
    for (const { after } of given) {
      const middle = after.head.version >> 1;
      expect(fold(log.slice(middle, after.head.version), fold(log.slice(0, middle)))).toEqual(after);
    }
    expect(verifyDecisions(log, () => routing)).toMatchObject({ outcome: 'agrees', events: log.length });
  }));

test('whatever goes back when, no checkpoint is lost', () =>
  always(({ given }) => {
    let known: readonly string[] = [];
    for (const { after } of given) {
      const ids = after.lifecycle === 'absent' ? [] : after.checkpoints.map(({ id }) => id);
      expect(ids.slice(0, known.length)).toEqual(known);
      known = ids;
    }
  }));

test('plan, steps, gates and commit are those of the checkpoint, each time it is gone back to', () =>
  always(({ log }) => {
    for (const { version, data } of resumptions(log)) {
      const then = fold(log.slice(0, data.version));
      const now = fold(log.slice(0, version));
      if (then.lifecycle === 'absent' || now.lifecycle === 'absent') throw new Error('there is no such run');
      const { plan, planAccepted, steps, gates, criteria } = then;
      expect(now).toMatchObject({ plan, planAccepted, steps, gates, criteria });
      expect(now.commit).toBe(then.commit ?? now.workspace?.base ?? null);
    }
  }));

test('nobody from before a turn is listened to after it', () =>
  always(({ log, given }) => {
    const since = resumptions(log)[0]?.version ?? Number.POSITIVE_INFINITY;
    const late = given.filter(
      ({ command, before }) => command.type === 'report' && before.head.version >= since && command.lease < since,
    );
    expect(late.flatMap(({ events }) => events)).toEqual([]);
  }));

test('attempts are counted on, whatever went back', () =>
  always(({ log }) => {
    const dispatched = log.filter((event) => event.type === 'agent.dispatched');
    for (const [index, { data }] of dispatched.entries()) {
      const earlier = dispatched.slice(0, index).filter((other) => other.data.invocation === data.invocation);
      const highest = Math.max(0, ...earlier.map((other) => other.data.attempt));
      expect(data.attempt).toBeGreaterThanOrEqual(data.reason === 'rewound' ? highest + 1 : highest);
    }
  }));

test('a run that went back is wished for or waits for a named reason, and ends once people answer and workers succeed', () =>
  always((simulation) => {
    for (const { after } of simulation.given) {
      expect(waitReason(after, nothingObserved, '2026-02-02T15:00:00.000Z') === null).toBe(after.lifecycle !== 'live');
      expect(follow(after, contextOf())).toBeNull();
    }
    simulation.settle();
    expect(simulation.state().lifecycle).toBe('ended');
  }));

const FORK = 'orch_20260303_000000_000000000001';

/** The facts of a fork at a version of another run, as they would be stored. */
const forkOf = (log: readonly Recorded[], version: number, another: boolean): readonly Recorded[] => {
  const copy = log.slice(0, version).map((event): Recorded => ({ ...event, stream: FORK }));
  const state = fold(copy);
  const last = copy.at(-1);
  const from = log[0]?.stream ?? '';
  // A run of tasks has no plan that another could take the place of.
  const mayPlan =
    state.lifecycle !== 'absent' && !['multi_task', 'decompose_first'].includes(`${state.route?.workflow}`);
  const changes = another && mayPlan ? { plan: { ...planOf(2), id: 'bp_other' } } : {};
  const command = { type: 'fork', from, version, headHash: last?.hash ?? '', checkpoint: null, changes } as const;
  const now = last?.time ?? '';
  const { events } = conclude(state, command, contextOf({ stream: FORK, now }));
  return [
    ...copy,
    ...events.map((event, index): Recorded => ({ ...recordedOf(event, version + index + 1, now), stream: FORK })),
  ];
};

test('a fork from any version of any history lives, on its own branch, and verifies; so does a fork of it', () =>
  fc.assert(
    fc.property(story(), turns, fc.nat(200), fc.boolean(), (told, turnings, pick, another) => {
      const { log } = tell(told, turnings);
      const version = 1 + (pick % log.length);
      const forked = forkOf(log, version, another);
      const state = fold(forked);
      if (state.lifecycle !== 'live') throw new Error('a fork lives');
      expect(state.id).toBe(FORK);
      expect(state.workspace?.branch ?? `studio/${FORK}`).toBe(`studio/${FORK}`);
      expect(state.submission.parent).toBeNull();
      expect(currentInvocation(state)?.lease ?? null).toBeNull();
      expect(follow(state, contextOf({ stream: FORK }))).toBeNull();
      expect(waitReason(state, nothingObserved, state.updatedAt)).not.toBeNull();
      expect(verifyDecisions(forked, () => routing)).toMatchObject({ outcome: 'agrees', events: forked.length });
      for (const wish of react(state)) if (wish.do === 'point') expect(wish.commit).toBe(state.commit);

      const again = forkOf(forked, forked.length, false).map((event): Recorded => ({ ...event, stream: `${FORK}2` }));
      expect(again.reduce(evolve, fold([])).lifecycle).toBe('live');
    }),
    { numRuns: 50 },
  ));
