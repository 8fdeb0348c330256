import { describe, expect, test } from 'vitest';
import {
  aborted,
  agentFailed,
  commit,
  completed,
  dispatched,
  failureOf,
  planOf,
  prepared,
  released,
  report,
  reported,
  saved,
  started,
  stepDone,
  stepStarted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { contextOf, type Facts, given } from '../../../test/support/spec.ts';
import type { CommandOf } from '../command.ts';
import { conclude } from '../decide.ts';
import { currentInvocation, type Live, type State } from '../run.ts';
import { react } from '../wishes.ts';

const PARENT = 'orch_20260101_000000_000000000001';
const OTHER = { ...planOf(1), id: 'bp_other' };

const fork = (change: Partial<CommandOf<'fork'>['changes']> = {}): CommandOf<'fork'> => ({
  type: 'fork',
  from: PARENT,
  version: 1,
  headHash: 'h',
  checkpoint: null,
  changes: change,
});

/** Lease 4 of a builder with three steps, of which two are done. */
const halfway: Facts = [
  submittedWithPlan(planOf(3), { parent: { orchestration: PARENT, task: 'T1' }, labels: { team: 'web' } }),
  started(3),
  ...reported(4, 1, prepared),
  ...reported(4, 2, stepStarted('step_1')),
  ...reported(4, 3, stepDone('step_1', commit('b'))),
  saved({ checkpoint: 'cp_1', name: 'early', commit: commit('b') }),
  ...reported(4, 4, stepStarted('step_2')),
  ...reported(4, 5, stepDone('step_2', commit('c'))),
];

/** The state after a fork of a run with this history. */
const forked = (facts: Facts, change: Partial<CommandOf<'fork'>['changes']> = {}): Live => {
  const { after } = conclude(given(...facts).state, fork(change), contextOf());
  return live(after);
};
const live = (state: State): Live => {
  if (state.lifecycle !== 'live') throw new Error(`it is ${state.lifecycle}`);
  return state;
};

describe('a fork', () => {
  test('is a fact, and whoever had the turn is ordered anew', () =>
    given(...halfway)
      .when(fork({ engine: 'other' }))
      .thenEvents(
        {
          type: 'orchestration.forked',
          v: 3,
          data: { from: PARENT, version: 1, headHash: 'h', checkpoint: null, changes: { engine: 'other' } },
        },
        dispatched({ attempt: 2, reason: 'forked' }),
      ));
  test('goes on with the plan, the steps and the files of then, on a branch of its own', () => {
    const run = forked(halfway);
    expect(run).toMatchObject({ commit: commit('c'), steps: [{}, {}, {}].map(() => expect.anything()) });
    expect(run.steps.map(({ status }) => status)).toEqual(['completed', 'completed', 'pending']);
    expect(run.workspace?.branch).toBe(`studio/${run.id}`);
    expect(currentInvocation(run)).toMatchObject({ lease: null, leases: 0, status: 'active' });
  });
  test('is nobody else’s task, and keeps its labels beside new ones', () => {
    expect(forked(halfway, { labels: { try: '2' } }).submission).toMatchObject({
      parent: null,
      labels: { team: 'web', try: '2' },
    });
  });
  test('takes another engine, budget and answers instead of those of the other run', () => {
    const run = forked(halfway, { engine: 'other', budgetUsd: 3, answers: { port: '80' } });
    expect(run.submission).toMatchObject({ engine: 'other', budgetUsd: 3, answers: { port: '80' } });
    expect(run.answers).toMatchObject([{ id: 'port', response: '80', assumed: false }]);
  });
  test('does another plan from its first step on, on top of what is there', () => {
    const run = forked(halfway, { plan: OTHER });
    expect(run.plan?.plan.id).toBe('bp_other');
    expect(run.steps.map(({ id, status }) => [id, status])).toEqual([['step_1', 'pending']]);
    expect(run.commit).toBe(commit('c'));
  });
  test('with another plan, its branch may be moved on from where it parted', () => {
    const start = { type: 'start', worker: { id: 'w', host: 'h', pid: 1 } } as const;
    const point = (state: State) => react(state).find((wish) => wish.do === 'point');
    const parted = forked(halfway, { plan: OTHER });
    expect(point(parted)).toMatchObject({ commit: commit('c') });
    const lease = parted.head.version + 1;
    const ended = [
      { ...start, dispatch: parted.head.version },
      report(lease, 1, stepDone('step_1', commit('d'))),
      { type: 'abort', reason: null } as const,
    ].reduce<State>((state, command) => conclude(state, command, contextOf()).after, parted);
    expect(point(ended)).toMatchObject({ commit: commit('d'), from: expect.arrayContaining([commit('c')]) });
  });
  test('keeps every commit that it may ask for', () => {
    const keep = react(forked(halfway)).find((wish) => wish.do === 'keep');
    expect(keep?.commits).toEqual(expect.arrayContaining([commit('a'), commit('b'), commit('c')]));
  });
  test('of a run that ended lives again, and what failed there is not decided about', () => {
    const blocked = reported(4, 6, agentFailed(failureOf('critical')));
    const run = forked([...halfway, ...blocked]);
    expect(run.lifecycle).toBe('live');
    expect(run.failures).toHaveLength(1);
  });
  test('of a run that completed has its last agent look again', () => {
    const run = forked([...halfway, completed(commit('c'))]);
    expect(currentInvocation(run)?.role).toBe('builder');
  });
  test('closes what was asked there', () => {
    const asked = reported(4, 6, agentFailed(failureOf('blocker')));
    const { events } = conclude(given(...halfway, ...asked).state, fork(), contextOf());
    expect(events.map(({ type }) => type)).toEqual(['interaction.closed', 'orchestration.forked', 'agent.dispatched']);
  });
  test('goes on where the other run was paused', () => {
    const run = forked([...halfway, { type: 'orchestration.paused', v: 1, data: { reason: null } }]);
    expect(run.paused).toBeNull();
  });
  test('with a plan that cannot run is refused', () =>
    given(...halfway)
      .when(fork({ plan: { ...OTHER, steps: OTHER.steps.map((step) => ({ ...step, depends_on: ['step_9'] })) } }))
      .thenRejects('rule.fork.plan'));
  test('of a run that was never started does not exist', () =>
    given().when(fork()).thenRejects('rule.orchestration.unknown'));
  test('of an aborted run may go back to its checkpoints', () => {
    const run = forked([...halfway, ...reported(4, 6, released('shutdown')), aborted('enough')]);
    const back = conclude(run, { type: 'rewind', checkpoint: 'early' }, contextOf()).after;
    expect(live(back)).toMatchObject({ commit: commit('b'), workspace: { branch: `studio/${run.id}` } });
  });
});
