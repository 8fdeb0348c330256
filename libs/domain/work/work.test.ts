import { describe, expect, test } from 'vitest';
import type { EngineAnswer } from '#contracts';
import {
  aborted,
  agentFailed,
  commit,
  dispatched,
  failureOf,
  gateFailed,
  gates,
  paused,
  planOf,
  prepared,
  reported,
  started,
  stepDone,
  stepStarted,
  stepTried,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { contextOf, type Facts, given, NOW } from '../../../test/support/spec.ts';
import { does, handIn, handsOut, returned, taken, workClosed } from '../../../test/support/work-facts.ts';
import { fact } from '../context.ts';
import { decide } from '../decide.ts';
import type { Run } from '../run.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';
import { dueMs, react } from '../wishes.ts';
import { openAssignment, unusedAnswer } from './find-work.ts';

const take = (id = 't9') => ({ type: 'take_work', taker: { id, host: 'host-2' } }) as const;
const runOf = (...facts: Facts): Run => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('expected a run');
  return state;
};

/** A builder with lease 4 began its step and hands it out: `work.handed_out` is 6, the lease ends with 7. */
const out = (change: Parameters<typeof handsOut>[3] = {}): Facts => [
  submittedWithPlan(planOf(2)),
  started(3),
  ...reported(4, 1, stepStarted('step_1')),
  ...reported(4, 2, ...handsOut(1, 'step', 'step_1', change)),
];
/** The same, taken under lease 8. */
const held = (...more: Facts): Facts => [...out(), taken(), ...more];
const done = workClosed({ lease: 8, answer: { answer: does(), learnings: [] }, commit: commit('b') });

describe('work that is handed out', () => {
  test('holds no worker, orders nobody, and waits for a person', () => {
    const { state } = given(...out());
    expect(react(state).map((wish) => wish.do)).toEqual(['notify']);
    expect(waitReason(state, nothingObserved, NOW)).toMatchObject({
      kind: 'work',
      owner: 'a person',
      until: null,
      detail: `work_1: step_1, for the builder; to be done by hand: studio take ${runOf(...out()).id}`,
    });
  });
  test('keeps a job that comes late from beginning', () =>
    given(...out())
      .when({ type: 'start', dispatch: 3, worker: { id: 'w2', host: 'host-1', pid: 4 } })
      .thenNothing());
  test('is one thing at a time, under the next number', () => {
    const items = handsOut(1, 'step', 'step_1');
    given(submittedWithPlan(), started(3))
      .when({ type: 'report', lease: 4, seq: 1, items: handsOut(2, 'step', 'step_1') })
      .thenRejects('rule.work.number');
    given(submittedWithPlan(), started(3), ...reported(4, 1, ...items.slice(0, 1)))
      .when({ type: 'report', lease: 4, seq: 2, items })
      .thenRejects('rule.work.out');
  });
});

describe('who takes it', () => {
  test('has a lease until an hour later, and that is what it waits for', () => {
    given(...out())
      .when(take())
      .thenEvents(taken(1, 't9', '2026-02-02T16:00:00.000Z'));
    const { state } = given(...held());
    expect(waitReason(state, nothingObserved, NOW)).toMatchObject({
      owner: 'person:alice',
      until: '2026-02-02T16:00:00.000Z',
    });
    expect(dueMs(state)).toBe(Date.parse('2026-02-02T16:00:00.000Z'));
  });
  test('has it no longer than anybody waits for it', () =>
    given(...out({ deadline: '2026-02-02T15:10:00.000Z' }))
      .when(take())
      .thenEvents(taken(1, 't9', '2026-02-02T15:10:00.000Z')));
  test('takes it once, however often he says so', () =>
    given(...held())
      .when(take('t1'))
      .thenNothing());
  test('finds it taken when somebody was faster', () =>
    given(...held())
      .when(take())
      .thenRejects('rule.work.held'));
  test('gets it when the lease of the one before has run out, noticed or not', () => {
    const now = '2026-02-02T16:00:00.000Z';
    given(...held())
      .when(take(), { now })
      .thenEvents(returned(8), taken(1, 't9', '2026-02-02T17:00:00.000Z'));
    given(...held(returned(8)))
      .when(take())
      .thenEvents(taken(1, 't9'));
  });
  test('finds nothing where nothing is out, and waits while the run is paused', () => {
    given(submittedWithPlan(), started(3)).when(take()).thenRejects('rule.work.none');
    given(...out(), paused())
      .when(take())
      .thenRejects('rule.work.paused');
  });
  test('may hold it for longer, or give it back, as long as he holds it', () => {
    const now = '2026-02-02T15:30:00.000Z';
    given(...held())
      .when({ type: 'renew_work', lease: 8 }, { now })
      .thenEvents(fact('work.renewed', { work: 'work_1', lease: 8, until: '2026-02-02T16:30:00.000Z' }));
    given(...held())
      .when({ type: 'give_back_work', lease: 8 })
      .thenEvents(returned(8, 'given_back'));
    given(...held(returned(8, 'given_back')))
      .when({ type: 'give_back_work', lease: 8 })
      .thenNothing();
    for (const type of ['renew_work', 'give_back_work'] as const)
      given(...held(returned(8)))
        .when({ type, lease: 8 })
        .thenRejects('rule.work.lease_ended');
  });
});

describe('what is handed in', () => {
  const again = dispatched({ reason: 'answered' });
  test('closes the work, and its agent goes on in the same attempt', () =>
    given(...held())
      .when(handIn(8, does(), commit('b')))
      .thenEvents(done, again));
  test('counts once, also after the run has ended', () => {
    given(...held(done))
      .when(handIn(8, does(), commit('b')))
      .thenNothing();
    given(...held(done), aborted())
      .when(handIn(8, does(), commit('b')))
      .thenNothing();
    given(...held(done))
      .when(handIn(8, does('something else'), commit('b')))
      .thenRejects('rule.work.lease_ended');
  });
  test('under a lease that has ended changes nothing, and says who holds it now', () => {
    const stale = given(...held(returned(8), taken(1, 't2'))).when(handIn(8, does()));
    stale.thenRejects('rule.work.lease_ended');
    expect(() => decide(given(...held(returned(8), taken(1, 't2'))).state, handIn(8, does()), contextOf())).toThrow(
      /lease 8 of work_1 of orch_\S+ expired at 2026-\S+, and person:alice holds it under lease 10 until 2026/,
    );
    given(...held())
      .when(handIn(5, does()))
      .thenRejects('rule.work.lease_unknown');
  });
  test('waits while the run is paused, and is not lost', () => {
    given(...held(paused()))
      .when(handIn(8, does(), commit('b')))
      .thenEvents(done);
    given(...held(paused(), done))
      .when({ type: 'continue' })
      .thenEvents(fact('orchestration.continued', {}), dispatched({ reason: 'continued' }));
  });

  const planner = (round: number | null): Facts => [
    submitted(),
    started(3),
    ...reported(4, 1, ...handsOut(1, 'plan', 'plan', { round })),
    taken(),
  ];
  const { id: _id, task_id: _task, goal: _goal, ...draft } = planOf(1);
  const plans = (change: object = {}): EngineAnswer => ({ type: 'plan', plan: { ...draft, ...change }, cautions: [] });
  const asks: EngineAnswer = {
    type: 'questions',
    readiness: 0,
    questions: [{ id: 'q1', question: 'Which port?', options: [], default: '8080' }],
  };
  test('must be an answer to what was handed out', () => {
    given(...held())
      .when(handIn(8, plans()))
      .thenRejects('rule.work.answer');
    given(...planner(1))
      .when(handIn(7, does()))
      .thenRejects('rule.work.answer');
    given(...planner(1))
      .when(handIn(7, plans({ steps: [{ ...draft.steps[0], depends_on: ['step_9'] }] })))
      .thenRejects('rule.work.answer');
    given(...planner(null))
      .when(handIn(7, asks))
      .thenRejects('rule.work.answer');
    for (const answer of [plans(), asks])
      expect(decide(given(...planner(1)).state, handIn(7, answer), contextOf())).toHaveLength(2);
  });

  test('is used by the worker that comes then, and by the next one if that died, but never twice', () => {
    const again: Facts = [...held(done), started(10), ...reported(11, 1, stepStarted('step_1'))];
    expect(unusedAnswer(runOf(...again))).toMatchObject({ id: 'work_1', closed: { commit: commit('b') } });
    expect(unusedAnswer(runOf(...again, started(10, 'w3')))).toMatchObject({ id: 'work_1' });
    const outcomes = [
      stepDone('step_1', commit('b')),
      stepTried('step_1', 1, failureOf('code_error')),
      agentFailed(failureOf('blocker')),
    ];
    for (const outcome of outcomes) expect(unusedAnswer(runOf(...again, ...reported(11, 2, outcome)))).toBeUndefined();
  });
  test('of a correction is used by what it leads to, not by what was red before', () => {
    const red: Facts = [
      submittedWithPlan(),
      started(3),
      ...reported(4, 1, prepared, gates('test'), stepStarted('step_1'), stepDone('step_1', commit('b'))),
      ...reported(4, 2, gateFailed('test', 1)),
      ...reported(4, 3, ...handsOut(1, 'fix', 'test')),
    ];
    const lease = given(...red, taken()).state.head.version;
    const facts: Facts = [...red, taken(), workClosed({ lease, answer: { answer: does(), learnings: [] } })];
    expect(unusedAnswer(runOf(...facts))).toMatchObject({ about: 'test' });
    const dispatch = given(...facts).state.head.version;
    const later: Facts = [...facts, started(dispatch), ...reported(dispatch + 1, 1, gateFailed('test', 2))];
    expect(unusedAnswer(runOf(...later))).toBeUndefined();
  });
});

describe('what ends it otherwise', () => {
  test('is time: a lease runs out, then the work itself', () => {
    const deadline = '2026-02-02T15:30:00.000Z';
    given(...held())
      .when({ type: 'time_out' })
      .thenNothing();
    given(...held())
      .when({ type: 'time_out' }, { now: '2026-02-02T16:00:00.000Z' })
      .thenEvents(returned(8));
    given(...out({ deadline }))
      .when({ type: 'time_out' }, { now: deadline })
      .thenEvents(workClosed({ outcome: 'expired' }), dispatched({ reason: 'answered' }));
  });
  test('is the end of the run, or that it goes back', () => {
    given(...held())
      .when({ type: 'abort', reason: null })
      .thenEvents(workClosed({ outcome: 'withdrawn' }), aborted());
    const back = decide(
      given(...held()).state,
      {
        type: 'fork',
        from: 'orch_20260202_143052_000000000000',
        version: 8,
        hash: 'h',
        checkpoint: null,
        changes: {},
      } as never,
      contextOf(),
    );
    expect(back.slice(0, 1)).toEqual([workClosed({ outcome: 'superseded' })]);
    expect(openAssignment(runOf(...held(workClosed({ outcome: 'superseded' }))))).toBeUndefined();
  });
});
