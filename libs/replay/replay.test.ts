import { describe, expect, test } from 'vitest';
import { fold } from '#domain';
import type { Recorded } from '#events';
import { routing, submission } from '../../test/support/facts.ts';
import { compareRuns } from './compare.ts';
import { createRun, finishedRun } from './run.testing.ts';
import { timeline } from './timeline.ts';
import { verifyDecisions } from './verify-decisions.ts';
import { viewAt } from './view.ts';

const events = finishedRun('orch_20260202_143052_a1b2c3d4e5f6');
const policyOf = () => routing;
const versionOf = (type: Recorded['type'], log: readonly Recorded[] = events) =>
  log.find((event) => event.type === type)?.version ?? 0;

/** The log with one event's data changed, as if other code had written it. */
const changed = (type: Recorded['type'], data: Readonly<Record<string, unknown>>): readonly Recorded[] =>
  // A forged log need not keep to the types: that is the point.
  events.map((event) => (event.type === type ? ({ ...event, data: { ...event.data, ...data } } as Recorded) : event));

describe('timeline', () => {
  test('has one row an event, with its distance from the first', () => {
    const rows = [...timeline(events)];
    expect(rows.map(({ version }) => version)).toEqual(events.map(({ version }) => version));
    expect(rows[0]).toEqual({
      version: 1,
      time: events[0]?.time,
      offsetMs: 0,
      type: 'goal.submitted',
      actor: 'agent:test',
      text: 'goal submitted by cli, implicit: "Add a health endpoint" in /srv/shop',
    });
    expect(rows.at(-1)).toMatchObject({
      type: 'orchestration.completed',
      offsetMs: 7_000,
      text: 'completed and verified at commit bbbbbbbbbb',
    });
  });

  test('says what a person wants to know', () => {
    const texts = new Map([...timeline(events)].map(({ type, text }) => [type, text]));
    expect(texts.get('route.decided')).toBe(
      'routed to plan_then_build (planner → builder), complex, confidence 85 %, because of verb "add"',
    );
    expect(texts.get('step.tried')).toBe('step_1 failed: 0 of 1 check passed, red: it answers, 40 ms');
    expect(texts.get('step.succeeded')).toBe('step_1 done (try 2): 1 of 1 check passed, commit bbbbbbbbbb, 1.3 s');
    expect(texts.get('failure.recorded')).toBe('builder failed at step_1, transient: connect ECONNREFUSED');
    expect(texts.get('recovery.decided')).toMatch(/^decided to retry: try 1 of 5 failed, not before 2026-/);
  });

  test('ends at a version or a time, that one included', () => {
    expect([...timeline(events, { to: 3 })]).toHaveLength(3);
    const time = events[3]?.time ?? '';
    const upToTime = [...timeline(events, { to: time })];
    expect(upToTime).toHaveLength(events.filter((event) => event.time <= time).length);
  });

  test('a moment that is none is refused', () => {
    expect(() => [...timeline(events, { to: 'yesterday' })]).toThrow(/neither a version nor an ISO 8601 time/);
  });
});

describe('view', () => {
  test('at every version it is the fold of the log up to there', () => {
    for (const { version } of events) expect(viewAt(events, version)).toEqual(fold(events.slice(0, version)));
    expect(viewAt(events)).toEqual(fold(events));
  });
  test('before the first event there is nothing', () => expect(viewAt(events, 0).lifecycle).toBe('absent'));
});

describe('compare', () => {
  test('two runs of one goal are the same, whatever their ids, times and progress', () => {
    const other = finishedRun('orch_20270303_010203_ffffffffffff', { startMs: 1_800_000_000_000 });
    expect(compareRuns(events, other)).toMatchObject({ same: true });
  });

  test('the first fact that only one run has is named', () => {
    const other = finishedRun('orch_20270303_010203_ffffffffffff', { failures: 0 });
    const version = versionOf('step.tried');
    expect(compareRuns(events, other)).toMatchObject({
      same: false,
      left: { version, type: 'step.tried' },
      right: { version, type: 'step.succeeded' },
      difference: { field: 'type', left: 'step.tried', right: 'step.succeeded' },
    });
  });

  test('a field that differs is named by its path', () => {
    const other = finishedRun('orch_20270303_010203_ffffffffffff', { goal: 'Add a metrics endpoint' });
    expect(compareRuns(events, other)).toMatchObject({
      same: false,
      facts: 0,
      difference: { field: 'data.goal', left: 'Add a health endpoint', right: 'Add a metrics endpoint' },
    });
  });

  test('a run that ended earlier parts where it ended', () => {
    expect(compareRuns(events, events.slice(0, -1))).toMatchObject({
      same: false,
      left: { type: 'orchestration.completed' },
      right: null,
    });
  });
});

describe('verify', () => {
  test('a log written by this code agrees with it', () => {
    expect(verifyDecisions(events, policyOf)).toEqual({ outcome: 'agrees', events: events.length, decisions: 8 });
  });

  test('so does every prefix of it', () => {
    for (const { version } of events)
      expect(verifyDecisions(events.slice(0, version), policyOf).outcome).toBe('agrees');
  });

  test('so does a run that was stopped and asked a person', () => {
    const run = createRun('orch_20260202_143052_000000000001');
    run.execute({ type: 'submit', submission: submission({ goal: 'Create a billing platform' }) });
    run.execute({ type: 'answer', interaction: null, answer: 'plan_then_build', note: null });
    run.execute({ type: 'pause', reason: 'lunch' });
    run.execute({ type: 'continue' });
    run.begin();
    run.execute({ type: 'checkpoint', name: 'by hand' });
    run.report({
      fact: 'agent.failed',
      failure: { category: 'blocker', error: 'no engine', fingerprint: 'f', unblock: 'configure one' },
    });
    run.execute({ type: 'abort', reason: 'enough' });
    expect(run.events.at(-1)?.type).toBe('orchestration.aborted');
    expect(verifyDecisions(run.events, policyOf)).toMatchObject({ outcome: 'agrees' });
  });

  test.each([
    ['route.decided', { confidence: 0.5 }, 'data.confidence', 0.5, 0.85],
    ['agent.dispatched', { role: 'builder' }, 'data.role', 'builder', 'planner'],
    ['recovery.decided', { action: 'halt' }, 'data.action', 'halt', 'retry'],
    ['checkpoint.saved', { name: 'other' }, 'data.name', 'other', expect.any(String)],
  ] as const)('a changed %s is found and named', (type, data, field, recorded, recomputed) => {
    expect(verifyDecisions(changed(type, data), policyOf)).toEqual({
      outcome: 'differs',
      version: versionOf(type),
      type,
      field,
      recorded,
      recomputed,
    });
  });

  test('a decision that was never taken is found where something else took its place', () => {
    const without = events.filter(({ type }) => type !== 'recovery.decided');
    expect(verifyDecisions(without, policyOf)).toMatchObject({
      outcome: 'differs',
      field: 'type',
      recomputed: 'recovery.decided',
    });
  });

  test('a decision that nothing called for is found', () => {
    const twice = events.flatMap((event): readonly Recorded[] =>
      event.type === 'route.decided' ? [event, event] : [event],
    );
    expect(verifyDecisions(twice, policyOf)).toMatchObject({ outcome: 'differs', field: 'type' });
  });

  test('another routing table is another decision', () => {
    const other = { ...routing, verbs: routing.verbs.filter(({ id }) => id !== 'add') };
    expect(verifyDecisions(events, () => other)).toMatchObject({
      outcome: 'differs',
      version: 2,
      type: 'route.decided',
      field: 'data.confidence',
      recorded: 0.85,
      recomputed: 0.8,
    });
  });

  test('without the table that the run was started under nothing is claimed', () => {
    expect(verifyDecisions(events, () => null)).toEqual({
      outcome: 'policy_unknown',
      version: 1,
      policyHash: 'policy-1',
    });
  });
});
