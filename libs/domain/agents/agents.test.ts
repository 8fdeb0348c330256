import { describe, test } from 'vitest';
import {
  accepted,
  agentFailed,
  closed,
  commit,
  completed,
  dispatched,
  done,
  failed,
  failureOf,
  handedOver,
  lost,
  opened,
  planned,
  planOf,
  prepared,
  progress,
  recovered,
  released,
  report,
  reported,
  saved,
  started,
  stepDone,
  stepStarted,
  submitted,
  submittedWithPlan,
  workerOf,
} from '../../../test/support/facts.ts';
import { given, NOW } from '../../../test/support/spec.ts';

const start = (dispatch: number, worker: string) => ({ type: 'start', dispatch, worker: workerOf(worker) }) as const;
const checkpointId = `cp_${Date.parse(NOW)}`;

const queued = [submittedWithPlan()] as const;
const running = [...queued, started(3, 'w1')] as const;
const DIED = {
  category: 'blocker',
  error: 'worker died 3 times without verified progress between',
  fingerprint: 'worker-died',
  unblock: 'look at the logs of the last worker; what it ran may exhaust memory or kill its own process',
} as const;

describe('leases', () => {
  test('a worker that begins has a lease', () =>
    given(...queued)
      .when(start(3, 'w1'))
      .thenEvents(started(3, 'w1')));
  test('a worker that begins twice has one', () =>
    given(...running)
      .when(start(3, 'w1'))
      .thenNothing());
  test('a second worker takes a newer one', () =>
    given(...running)
      .when(start(3, 'w2'))
      .thenEvents(started(3, 'w2')));
  test('what was ordered before is not begun', () =>
    given(...queued)
      .when(start(2, 'w1'))
      .thenNothing());
  test('a report under an older lease changes nothing', () =>
    given(...running, started(3, 'w2'))
      .when(report(4, 1, progress()))
      .thenNothing());
  test('nor does one under a lease that never was', () =>
    given(...running)
      .when(report(9, 1, progress()))
      .thenNothing());
  test('a report that is given again changes nothing', () =>
    given(...running, reported(4, 1, progress()))
      .when(report(4, 1, progress()))
      .thenNothing());
  test('a failure that is reported again counts once', () =>
    given(...running, reported(4, 1, agentFailed(failureOf('code_error'))))
      .when(report(4, 1, agentFailed(failureOf('code_error'))))
      .thenNothing());
  test('a report that was overtaken by a later one changes nothing', () =>
    given(...running, reported(4, 2, progress()))
      .when(report(4, 1, progress('earlier')))
      .thenNothing());
  test('a fourth worker is not let in after three without verified progress', () =>
    given(...running, started(3, 'w2'), started(3, 'w3'))
      .when(start(3, 'w4'))
      .thenEvents(
        failed(DIED),
        recovered('escalate', 'a person has to unblock it'),
        opened(
          1,
          'escalation',
          `The builder cannot go on (builder).\nLast error: ${DIED.error}\nWhat would unblock it: ${DIED.unblock}`,
          { r: 'retry; say what to do differently', a: 'abort; the branch is kept, the plan is shown' },
        ),
      ));
  test('a verified step forgives the workers that died before it', () =>
    given(
      submittedWithPlan(planOf(2)),
      started(3, 'w1'),
      started(3, 'w2'),
      started(3, 'w3'),
      reported(6, 1, stepDone('step_1', commit('b'))),
    )
      .when(start(3, 'w4'))
      .thenEvents(started(3, 'w4')));
  test('a lease that is given back is ordered anew at once, in the same attempt', () =>
    given(...running)
      .when(report(4, 1, released('shutdown')))
      .thenEvents(reported(4, 1, released('shutdown')), dispatched({ reason: 'handed_back' })));
});

describe('a planner', () => {
  const planning = [submitted(), started(3)] as const;
  test('that is done hands over to the builder, after a checkpoint', () =>
    given(...planning)
      .when(report(4, 1, planned(), done({ plan_id: 'bp_1' })))
      .thenEvents(
        reported(4, 1, planned(), done({ plan_id: 'bp_1' })),
        saved({ checkpoint: checkpointId, name: 'planner_complete', afterAgent: 'planner' }),
        handedOver({
          task_id: 'task_1',
          plan_id: 'bp_1',
          plan_summary: '1 step to do: Add a health endpoint\n1. do step_1',
          learnings_loaded: [],
          requirements_summary: { scope_in: ['Add a health endpoint'], scope_out: [] },
        }),
        dispatched({ invocation: 2 }),
      ));
  test('is not done without a plan', () =>
    given(...planning)
      .when(report(4, 1, done()))
      .thenRejects('rule.agent.unverified'));
  test('is not done with a plan that a person must accept', () =>
    given(...planning)
      .when(report(4, 1, planned(planOf(1), 59), done()))
      .thenRejects('rule.agent.unverified'));
  test('begins again with it when a person did', () =>
    given(
      ...planning,
      reported(4, 1, planned(planOf(1), 59)),
      failed({ role: 'planner', category: 'blocker' }),
      closed(1, 'answered', 'y'),
    )
      .when(start(10, 'w2'))
      .thenEvents(started(10, 'w2')));
});

describe('a builder', () => {
  const built = [...running, reported(4, 1, prepared, stepStarted('step_1'), stepDone('step_1', commit('b')))] as const;
  test('ends the run when all is verified', () =>
    given(...built)
      .when(report(4, 2, accepted(), done()))
      .thenEvents(
        reported(4, 2, accepted(), done()),
        saved({
          checkpoint: checkpointId,
          name: 'builder_complete',
          afterAgent: 'builder',
          commit: commit('b'),
        }),
        completed(commit('b')),
      ));
  test.each([
    ['a step is not done', [...running], [accepted(), done()]],
    ['what must be true was not checked', [...built], [done()]],
    ['what must be true is not', [...built], [accepted('failed'), done()]],
    ['there is no plan', [submitted({ workflow: 'build_only' }), started(3)], [done()]],
  ])('is not done while %s', (_what, facts, items) =>
    given(...facts)
      .when(report(4, 2, ...items))
      .thenRejects('rule.agent.unverified'),
  );
  test('is not done while a check that came with the goal did not pass', () =>
    given(
      submittedWithPlan(planOf(1), { checks: ['npm run probe'] }),
      started(3),
      reported(4, 1, stepDone('step_1', commit('b'))),
    )
      .when(report(4, 2, accepted(), done()))
      .thenRejects('rule.agent.unverified'));
  test('does again what was lost with its commit', () =>
    given(...built, reported(4, 2, accepted(), lost([commit('b')], null)))
      .when(report(4, 3, done()))
      .thenRejects('rule.agent.unverified'));
});
