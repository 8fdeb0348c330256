import { describe, expect, test } from 'vitest';
import {
  agentFailed,
  closed,
  dispatched,
  done,
  failureOf,
  planOf,
  report,
  reported,
  started,
  submitted,
  submittedWithPlan,
  workerOf,
} from '../../../test/support/facts.ts';
import { contextOf, type Facts, given, NOW } from '../../../test/support/spec.ts';
import type { CommandOf } from '../command.ts';
import { fact } from '../context.ts';
import { conclude } from '../decide.ts';
import { fold } from '../evolve.ts';
import { askedAs, asks, assumed, attended } from '../interactions/interactions.testing.ts';
import { currentInvocation, type Live, openInteractions, type State } from '../run.ts';

/** A fork parts from a run while somebody is asked, or was: what becomes of questions and answers. */

type Changes = CommandOf<'fork'>['changes'];
const origin = { from: 'orch_20260101_000000_000000000001', version: 1, headHash: 'h', checkpoint: null };
const fork = (changes: Changes = {}): CommandOf<'fork'> => ({ type: 'fork', ...origin, changes });
const parted = (changes: Changes = {}) => fact('orchestration.forked', { ...origin, changes });

const live = (state: State): Live => {
  if (state.lifecycle !== 'live') throw new Error(`it is ${state.lifecycle}`);
  return state;
};
const forked = (facts: Facts, changes: Changes = {}): Live =>
  live(conclude(given(...facts).state, fork(changes), contextOf()).after);

/** Two questions of round 1 are open. */
const asking = [attended(), started(3), ...reported(4, 1, ...asks(['q1', 'q2']))] as const;
const superseded = [closed(1, 'superseded'), closed(2, 'superseded')];
const deadline = new Date(Date.parse(NOW) + 60_000).toISOString();

describe('a fork of a run that asks', () => {
  test('asks again, each question under a number and until a deadline of its own', () =>
    given(...asking)
      .when(fork())
      .thenEvents(superseded, parted(), askedAs(3, 'q1', { deadline }), askedAs(4, 'q2', { deadline })));
  test('asks nothing that it was forked with an answer to', () => {
    const answers = { q1: 'PostgreSQL' };
    given(...asking)
      .when(fork({ answers }))
      .thenEvents(superseded, parted({ answers }), askedAs(3, 'q2', { deadline }));
  });
  test('goes on at once with answers to all of them', () => {
    const answers = { q1: 'PostgreSQL', q2: 'yes' };
    given(...asking)
      .when(fork({ answers }))
      .thenEvents(superseded, parted({ answers }), dispatched({ role: 'planner', attempt: 2, reason: 'forked' }));
    const run = forked(asking, { answers });
    const again = conclude(
      run,
      { type: 'start', dispatch: currentInvocation(run)?.dispatch ?? 0, worker: workerOf('w2') },
      contextOf(),
    ).after;
    const { after } = conclude(again, report(again.head.version, 1, ...asks(['q3'], { round: 2 })), contextOf());
    expect(openInteractions(live(after)).map(({ about }) => about)).toEqual(['q3']);
  });
  test('goes on with other answers in the place of those that were given or assumed', () => {
    const answered = [...asking, closed(1, 'answered', 'MySQL'), assumed(2, 'q2')];
    const { answers } = forked(answered, { answers: { q1: 'PostgreSQL' } });
    expect(answers.map(({ id, response, assumed: taken }) => [id, response, taken])).toEqual([
      ['q2', 'default of q2', true],
      ['q1', 'PostgreSQL', false],
    ]);
  });
  test('with a plan has nothing more to ask: its planner only hands the plan on', () => {
    const run = forked([attended(), started(3), ...reported(4, 1, ...asks(['q1'])), closed(1, 'answered', 'a')], {
      plan: planOf(2),
      planSource: 'other.json',
    });
    expect(run).toMatchObject({ planAccepted: true, plan: { source: 'other.json' } });
    const worker = workerOf('w2');
    const start = { type: 'start', dispatch: currentInvocation(run)?.dispatch ?? 0, worker } as const;
    const begun = conclude(run, start, contextOf()).after;
    const { after } = conclude(begun, report(begun.head.version, 1, done()), contextOf());
    expect(currentInvocation(live(after))).toMatchObject({ role: 'builder', status: 'active' });
  });
  test('with a plan asks nothing that was still open: it does not have to be planned', () => {
    const run = forked(asking, { plan: planOf(2) });
    expect(openInteractions(run)).toEqual([]);
    expect(currentInvocation(run)).toMatchObject({ role: 'planner', status: 'active' });
  });
});

describe('a fork of a run that waits for a decision', () => {
  const asked = [submitted({ mode: 'explicit' })] as const;
  test('has its route confirmed again, unless it was', () => {
    const { events } = conclude(given(...asked).state, fork(), contextOf());
    expect(events.map(({ type }) => type)).toEqual([
      'interaction.closed',
      'orchestration.forked',
      'interaction.opened',
    ]);
    given(...asked, closed(1, 'answered', 'y'))
      .when(fork())
      .thenEvents(parted(), dispatched({ role: 'planner', attempt: 2, reason: 'forked' }));
  });
  test('is not asked about the failure of the other run: it tries again, with all its tries', () => {
    const blocked = [submittedWithPlan(), started(3), ...reported(4, 1, agentFailed(failureOf('blocker')))] as const;
    given(...blocked)
      .when(fork())
      .thenEvents(closed(1, 'superseded'), parted(), dispatched({ attempt: 2, reason: 'forked' }));
    expect(openInteractions(forked(blocked))).toEqual([]);
  });
});

describe('a fork from before the route was decided', () => {
  const first = fold(given(submitted()).history.slice(0, 1));
  const { after: plain } = conclude(first, fork(), contextOf());
  test('is routed for itself', () =>
    expect(currentInvocation(live(plain))).toMatchObject({ role: 'planner', attempt: 1, status: 'active' }));
  test('with a plan goes to the builder', () => {
    const { after } = conclude(first, fork({ plan: planOf(1) }), contextOf());
    expect(live(after)).toMatchObject({ route: { workflow: 'build_only' }, planAccepted: true });
    expect(currentInvocation(live(after))).toMatchObject({ role: 'builder' });
  });
});
