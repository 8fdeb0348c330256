import { describe, expect, test } from 'vitest';
import { StateDocument } from '#contracts';
import {
  aborted,
  accepted,
  agentFailed,
  closed,
  commit,
  completed,
  continued,
  failureOf,
  gateFailed,
  gatePassed,
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
} from '../../test/support/facts.ts';
import { type Facts, given } from '../../test/support/spec.ts';
import { resultOf } from './result.ts';
import { stateDocument, statusOf } from './state-document.ts';

const queued = [submittedWithPlan(planOf(1))] as const;
const atWork = [...queued, started(3), ...reported(4, 1, prepared, gates('test'))] as const;
const stepFailed = [...atWork, ...reported(4, 2, stepStarted('step_1'), stepTried('step_1', 1))] as const;
const built = [...atWork, ...reported(4, 2, stepStarted('step_1'), stepDone('step_1', commit('b')))] as const;
const gateRed = [...built, ...reported(4, 3, accepted(), gateFailed('test', 1))] as const;
const halted = [...atWork, ...reported(4, 2, agentFailed(failureOf('critical')))] as const;

/** Goes on with its question withdrawn, its route not yet confirmed. */
const continuedUnasked = [continued(), closed(1, 'withdrawn')] as const;

describe('the status of a run', () => {
  test.each<[string, string, Facts]>([
    ['initializing', 'before there is anything', []],
    ['routing', 'while its route is not confirmed', [submitted({ mode: 'explicit' }), paused(), ...continuedUnasked]],
    ['waiting', 'while a person is asked', [submitted({ mode: 'explicit' })]],
    ['paused', 'while it is paused, even with a question open', [submitted({ mode: 'explicit' }), paused()]],
    ['executing', 'while it is queued', queued],
    ['executing', 'while it is at work', atWork],
    ['recovering', 'while a step that failed is tried again', stepFailed],
    ['recovering', 'while that try runs', [...stepFailed, ...reported(4, 3, stepStarted('step_1', 2))]],
    ['executing', 'once that step is done', [...stepFailed, ...reported(4, 3, stepDone('step_1', commit('b')))]],
    ['recovering', 'while a gate that failed is run again', gateRed],
    ['executing', 'once that gate passed', [...gateRed, ...reported(4, 4, gatePassed('test', 2))]],
    ['waiting', 'when that was given up', [...atWork, ...reported(4, 2, agentFailed(failureOf('blocker')))]],
    ['failed', 'when it was halted', halted],
    ['completed', 'when all that must hold was checked', [...built, completed(commit('b'))]],
  ])('is %s %s', (status, _when, facts) => expect(statusOf(given(...facts).state)).toBe(status));
});

const documentOf = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('expected a run');
  return stateDocument(state, null);
};

describe('the document', () => {
  test.each<[string, Facts]>([
    ['queued', queued],
    ['recovering', gateRed],
    ['halted', halted],
  ])('of a run that is %s fits its schema', (_what, facts) => {
    const document = documentOf(...facts);
    expect(StateDocument.parse(document)).toEqual(document);
  });
  test('shows an agent at work as paused while the run is', () =>
    expect(documentOf(...atWork, paused()).agent_states).toMatchObject([{ agent: 'builder', status: 'paused' }]));
  test('names the step that is being worked on', () =>
    expect(documentOf(...atWork, ...reported(4, 2, stepStarted('step_1'))).agent_states).toMatchObject([
      { current_step: 'step_1' },
    ]));
  test('shows what was decided about a failure', () =>
    expect(documentOf(...stepFailed).failures).toMatchObject([{ step: 'step_1', recovery_action: 'retry' }]));
  test('has an outcome when the run has ended, not before', () => {
    expect(documentOf(...atWork).outcome).toBeNull();
    expect(documentOf(...halted).outcome).toMatchObject({ kind: 'halted', reason: 'it broke' });
  });
});

describe('the result', () => {
  const resultAfter = (...facts: Facts) => {
    const { state } = given(...facts);
    if (state.lifecycle !== 'ended') throw new Error('expected a run that has ended');
    return resultOf(state);
  };

  test('counts every check, of steps and of criteria', () =>
    expect(resultAfter(...built, ...reported(4, 3, accepted('failed')), completed(commit('b'))).checks).toEqual({
      passed: 1,
      failed: 1,
    }));
  test('names the commit of each step, and the last one', () =>
    expect(resultAfter(...built, completed(commit('b')))).toMatchObject({
      branch: 'studio/it',
      commit: commit('b'),
      commits: [{ step: 'step_1', commit: commit('b') }],
      steps: { completed: 1, skipped: 0, total: 1 },
    }));
  test('counts retries and the time from submit to end', () => {
    const { state, history } = given(...stepFailed, ...reported(4, 3, agentFailed(failureOf('critical'))));
    const last = history.at(-1)?.time ?? '';
    expect(state.lifecycle === 'ended' && resultOf(state)).toMatchObject({
      retries: 1,
      duration_ms: Date.parse(last) - Date.parse(history[0]?.time ?? ''),
    });
  });
  test('of a run that never had a workspace has no branch', () =>
    expect(resultAfter(submitted(), aborted())).toMatchObject({
      branch: null,
      commit: null,
      sandbox: 'none',
    }));
});
