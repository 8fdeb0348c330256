import { describe, expect, test } from 'vitest';
import type { Event, EventOf } from '#events';
import { aborted, completed, overridden, saved, submitted } from '../../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../../test/support/spec.ts';
import { fact } from '../context.ts';
import { stateDocument, statusOf } from '../state-document.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';
import { react } from '../wishes.ts';
import { outsideRecovery } from './recovery.ts';

type Action = 'retry' | 'replan' | 'escalate';

const outside = submitted({ driver: 'outside' });
const routedAgain = (data: Partial<EventOf<'outside.routed'>['data']>): Event => {
  const decided = given(outside).history.find((event) => event.type === 'route.decided');
  if (decided?.type !== 'route.decided') throw new Error('it has a route');
  return fact('outside.routed', { ...decided.data, goal: live(outside).submission.goal, ...data });
};
const began = (agent: string, input = {}): Event => fact('outside.started', { agent, input });
const done = (agent: string, output = {}): Event => fact('outside.completed', { agent, output });
const failed = (agent: string, error: string, action: Action): Event =>
  fact('outside.failed', { agent, error, action });
const handed = (from: string, to: string, context = {}): Event => fact('outside.handed_over', { from, to, context });

const start = (agent: string) => ({ type: 'outside_start', agent, input: {} }) as const;
const complete = (agent: string, output = {}) => ({ type: 'outside_complete', agent, output }) as const;
const fail = (agent: string, error: string) => ({ type: 'outside_fail', agent, error }) as const;
const end = { type: 'outside_end' } as const;

const live = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle !== 'live') throw new Error(`the run is ${state.lifecycle}`);
  return state;
};
const documentOf = (...facts: Facts) => stateDocument(live(...facts), null);
const sequence = (...facts: Facts) =>
  documentOf(...facts).routing?.agent_sequence.map(({ agent, status }) => `${agent} ${status}`);

describe('a run that somebody else drives', () => {
  test('is routed and nothing else: no agent is ordered, no question asked', () => {
    const { history, state } = given(submitted({ driver: 'outside', mode: 'explicit' }));
    expect(history.map(({ type }) => type)).toEqual(['goal.submitted', 'route.decided']);
    expect(react(state)).toEqual([]);
  });

  test('waits for whoever drives it', () => {
    expect(waitReason(live(outside), nothingObserved, NOW)).toMatchObject({
      kind: 'outside',
      detail: 'driven from outside',
    });
  });

  test('may take another workflow, once, and is as sure of it as of one that was asked for', () => {
    const reroute = { type: 'outside_route', goal: null, workflow: 'build_only' } as const;
    const signals = [{ word: 'build_only', role: 'given', pointsTo: 'build_only' }] as const;
    const changed = routedAgain({
      workflow: 'build_only',
      complexity: 'simple',
      agents: ['builder'],
      confidence: 1,
      signals: [...signals],
    });
    given(outside).when(reroute).thenEvents(changed);
    given(outside, changed).when(reroute).thenNothing();
    expect(sequence(outside, changed)).toEqual(['builder pending']);
    expect(documentOf(outside, changed)).toMatchObject({ routing: { confidence: 1 }, outside: { routed_goal: null } });
  });

  test('may take the route of another goal, with the confidence and the signals of that, and its own again', () => {
    const own = { type: 'outside_route', goal: null, workflow: null } as const;
    given(outside).when(own).thenNothing();
    const reroute = { ...own, goal: 'Fix the typo in the README' };
    const signals = [
      { word: 'fix', role: 'verb', pointsTo: 'build_only' },
      { word: 'typo', role: 'object', pointsTo: 'build_only' },
    ] as const;
    const fix = { workflow: 'build_only', complexity: 'simple', confidence: 0.7, skills: [] as string[] } as const;
    const changed = routedAgain({ ...fix, goal: reroute.goal, agents: ['builder'], signals: [...signals] });
    given(outside).when(reroute).thenEvents(changed);
    given(outside, changed).when(reroute).thenNothing();
    expect(documentOf(outside, changed)).toMatchObject({
      routing: { workflow: 'build_only', confidence: 0.7 },
      outside: { routed_goal: reroute.goal },
    });
    given(outside, changed).when(own).thenEvents(routedAgain({}));
    expect(documentOf(outside, changed, routedAgain({})).routing).toEqual(documentOf(outside).routing);
  });

  test('that is a project has the planner between architect and builder, as nobody makes runs of its tasks', () =>
    expect(sequence(outside, overridden('decompose_first'))).toEqual([
      'architect pending',
      'planner pending',
      'builder pending',
    ]));

  test('can be paused', () =>
    given(outside)
      .when({ type: 'pause', reason: null })
      .thenEvents(fact('orchestration.paused', { reason: null })));

  test.each([start('planner'), complete('planner'), fail('planner', 'it broke'), end])(
    'a run of Studio takes no $type',
    (command) => given(submitted()).when(command).thenRejects('rule.outside.driven_by_studio'),
  );
});

describe('its agents', () => {
  test('one that starts is active, and starts once', () => {
    given(outside)
      .when({ type: 'outside_start', agent: 'planner', input: { depth: 2 } })
      .thenEvents(began('planner', { depth: 2 }));
    given(outside, began('planner')).when(start('planner')).thenNothing();
    expect(sequence(outside, began('planner'))).toEqual(['planner active', 'builder pending']);
    expect(statusOf(live(outside, began('planner')))).toBe('executing');
  });

  test('one that is done is completed with what it brings, and is done once', () => {
    given(outside, began('planner'))
      .when(complete('planner', { plan_id: 'bp_1' }))
      .thenEvents(done('planner', { plan_id: 'bp_1' }));
    given(outside, began('planner'), done('planner')).when(complete('planner')).thenNothing();
    const brought = { plan_id: 'bp_1' };
    const history = [outside, began('planner'), done('planner', brought)];
    given(...history)
      .when(complete('planner', brought))
      .thenNothing();
    given(...history)
      .when(complete('planner'))
      .thenNothing();
    const { outside: told } = documentOf(outside, began('planner'), done('planner', { plan_id: 'bp_1' }));
    expect(told?.agents).toMatchObject([{ agent: 'planner', status: 'completed', output: { plan_id: 'bp_1' } }]);
  });

  test('one that is done without having started has both recorded', () =>
    given(outside)
      .when(complete('planner', { plan_id: 'bp_1' }))
      .thenEvents(began('planner'), done('planner', { plan_id: 'bp_1' })));

  test('one that is done and brings something else has that', () => {
    const history = [outside, began('planner'), done('planner', { plan_id: 'bp_1' })];
    given(...history)
      .when(complete('planner', { plan_id: 'bp_2' }))
      .thenEvents(done('planner', { plan_id: 'bp_2' }));
    const { outside: told } = documentOf(...history, done('planner', { plan_id: 'bp_2' }));
    expect(told?.agents).toMatchObject([{ status: 'completed', output: { plan_id: 'bp_2' } }]);
  });

  test('one that failed without having started has both recorded', () => {
    given(outside)
      .when(fail('builder', 'it broke'))
      .thenEvents(began('builder'), failed('builder', 'it broke', 'retry'));
    expect(sequence(outside, began('builder'), failed('builder', 'it broke', 'retry'))).toEqual([
      'planner pending',
      'builder failed',
    ]);
  });

  test('one that failed may start again, and both starts are kept', () => {
    const history = [outside, began('builder'), failed('builder', 'it broke', 'retry')];
    expect(statusOf(live(...history))).toBe('recovering');
    given(...history)
      .when(start('builder'))
      .thenEvents(began('builder'));
    const { agents } = live(...history, began('builder')).outside;
    expect(agents.map(({ status, error }) => [status, error])).toEqual([
      ['failed', 'it broke'],
      ['active', null],
    ]);
  });

  test('they may have names that are no roles', () =>
    given(outside).when(start('reviewer')).thenEvents(began('reviewer')));

  test('a handover is kept as it was told', () => {
    const command = { type: 'outside_hand_over', from: 'planner', to: 'builder', context: { task_id: 't1' } } as const;
    given(outside)
      .when(command)
      .thenEvents(handed('planner', 'builder', { task_id: 't1' }));
    expect(documentOf(outside, handed('planner', 'builder', { task_id: 't1' })).outside?.handoffs).toMatchObject([
      { from: 'planner', to: 'builder', context: { task_id: 't1' } },
    ]);
  });
});

describe('recovery by the policy plugin', () => {
  const ACTIONS: readonly Action[] = ['retry', 'retry', 'replan', 'replan', 'escalate', 'escalate'];
  const failures = (count: number) => ACTIONS.slice(0, count).map((action) => failed('builder', 'it broke', action));

  test.each(ACTIONS.map((action, index) => [index + 1, action] as const))('failure %d: %s', (count, action) => {
    given(outside, began('builder'), ...failures(count - 1))
      .when(fail('builder', 'it broke'))
      .thenEvents(failed('builder', 'it broke', action));
    expect(outsideRecovery(live(outside, ...failures(count)), 'builder')).toMatchObject({
      action,
      failure_count: count,
      thresholds: { retry_max: 3, replan_max: 5 },
    });
  });

  test('each agent is counted for itself, and all of them together on demand', () => {
    const run = live(outside, ...failures(2), failed('planner', 'no idea', 'retry'));
    expect(outsideRecovery(run, 'planner').failure_count).toBe(1);
    expect(outsideRecovery(run, null)).toMatchObject({ failure_count: 3, action: 'replan' });
  });

  test('without a failure there is nothing but to try', () =>
    expect(outsideRecovery(live(outside), null)).toMatchObject({ failure_count: 0, action: 'retry' }));
});

describe('its end', () => {
  test('it does not end by itself: somebody may have a checkpoint to save', () => {
    const state = live(outside, began('planner'), done('planner'), began('builder'), done('builder'));
    expect(statusOf(state)).toBe('executing');
    given(outside, began('planner'), done('planner'))
      .when({ type: 'checkpoint', name: 'planned' })
      .thenEvents(saved({ name: 'planned', checkpoint: `cp_${Date.parse(NOW)}` }));
  });

  test('it is completed when every agent of its route is, else given up', () => {
    given(outside, began('planner'), done('planner'), began('builder'), done('builder'))
      .when(end)
      .thenEvents(completed());
    given(outside, began('planner'), done('planner'), began('builder'))
      .when(end)
      .thenEvents(aborted('cleaned up before builder completed'));
  });

  test('what has ended ends once, and no agent starts any more', () => {
    given(outside, aborted()).when(end).thenNothing();
    given(outside, aborted()).when(start('planner')).thenRejects('rule.orchestration.ended');
  });
});
