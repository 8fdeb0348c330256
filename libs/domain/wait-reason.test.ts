import { describe, expect, test } from 'vitest';
import {
  agentFailed,
  failureOf,
  halted,
  paused,
  reported,
  started,
  submitted,
  submittedWithPlan,
} from '../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../test/support/spec.ts';
import { nothingObserved, type Observed, waitReason } from './wait-reason.ts';

const queued = [submittedWithPlan()] as const;
const running = [...queued, started(3)] as const;
const reason = (facts: Facts, seen: Partial<Observed> = {}) =>
  waitReason(given(...facts).state, { ...nothingObserved, ...seen }, NOW);
const nobody = { workers: { architect: 0, planner: 0, builder: 0 } };

describe('a run waits', () => {
  test('for a person to approve its route', () =>
    expect(reason([submitted({ mode: 'explicit' })])).toMatchObject({ kind: 'approval', owner: 'a person' }));
  test('for a person to answer', () =>
    expect(reason([...running, ...reported(4, 1, agentFailed(failureOf('blocker')))])).toMatchObject({
      kind: 'question',
      detail: expect.stringContaining('int_1'),
    }));
  test('for whoever paused it', () =>
    expect(reason([...queued, paused('lunch')])).toMatchObject({
      kind: 'paused',
      owner: 'person:alice',
      detail: 'paused by person:alice: lunch',
    }));
  test('for its turn on the queue of its role', () => {
    expect(reason(queued)).toMatchObject({ kind: 'queued', detail: 'next on agent-builder', since_version: 3 });
    expect(reason(queued, { job: { state: 'waiting', ahead: 2 } })).toMatchObject({
      detail: '2 jobs ahead on agent-builder',
    });
  });
  test('for a worker where none is alive', () =>
    expect(reason(queued, nobody)).toMatchObject({ kind: 'no_worker', detail: expect.stringContaining('builder') }));
  test('for the worker that holds the lease, seen alive or not', () =>
    expect(reason(running, nobody)).toMatchObject({
      kind: 'running',
      owner: 'builder host-1:41',
      since_version: 4,
    }));
  test('for a person where its stream was set aside, whatever else holds', () =>
    expect(reason([...queued, paused()], { quarantined: 'failed 5 times' })).toMatchObject({
      kind: 'quarantined',
      detail: 'failed 5 times',
    }));
  test('for its moment, and no longer', () => {
    const { state } = given(...queued);
    if (state.lifecycle !== 'live') throw new Error('expected a live run');
    const later = '2026-02-02T15:00:05.000Z';
    const due = { ...state, invocations: state.invocations.map((entry) => ({ ...entry, notBefore: later })) };
    expect(waitReason(due, nothingObserved, NOW)).toMatchObject({ kind: 'due', owner: 'router', until: later });
    expect(waitReason(due, nothingObserved, later)).toMatchObject({ kind: 'queued' });
  });
});

test('what never was, or has ended, waits for nothing', () => {
  expect(reason([])).toBeNull();
  expect(reason([...running, halted('it broke')])).toBeNull();
});
