import { describe, expect, test } from 'vitest';
import { failed, failureOf, recovered, routing, submitted, submittedWithPlan } from '../../test/support/facts.ts';
import { contextOf, given, NOW, recordedOf } from '../../test/support/spec.ts';
import { evolve, fold } from './evolve.ts';
import { follow } from './follow.ts';
import { absent } from './run.ts';

const next = (...events: readonly Parameters<typeof recordedOf>[0][]) =>
  follow(fold(events.map((event, index) => recordedOf(event, index + 1, NOW))), contextOf());

describe('what follows by itself', () => {
  test('from nothing is nothing', () => expect(follow(absent, contextOf())).toBeNull());
  test('from a goal is its route, by the table of its policy', () => {
    expect(next(submitted())).toMatchObject({ type: 'route.decided', data: { policyHash: 'policy-1' } });
    const other = { ...routing, verbs: routing.verbs.filter(({ id }) => id !== 'add') };
    const state = evolve(absent, recordedOf(submitted(), 1));
    expect(follow(state, contextOf({ routing: other }))).not.toEqual(follow(state, contextOf()));
  });
  test('from a failure is a recovery before anything else', () => {
    const { history } = given(submittedWithPlan());
    const log = [...history, recordedOf(failed(failureOf('transient')), history.length + 1, NOW)];
    expect(follow(fold(log), contextOf({ draw: 1 }))).toMatchObject({
      type: 'recovery.decided',
      data: { action: 'retry', draw: 1, notBefore: '2026-02-02T15:00:01.000Z' },
    });
  });
  test('from a decision to halt is the end', () => {
    const { history } = given(submittedWithPlan());
    const asserted = [failed(failureOf('critical')), recovered('halt', 'nothing may go on after this')];
    const log = [...history, ...asserted.map((event, index) => recordedOf(event, history.length + index + 1))];
    expect(follow(fold(log), contextOf())).toMatchObject({ type: 'orchestration.halted' });
  });
  test('ends: from a given history nothing more follows', () =>
    expect(follow(given(submitted()).state, contextOf())).toBeNull());
});
