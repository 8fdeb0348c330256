import { expect, test } from 'vitest';
import type { Event, EventOf, EventType, Recorded } from '#events';
import { type Detail, describe as describeEvent } from './describe-event.ts';
import { renderLine } from './line.ts';
import { activity, advance, noProgress, type Progress } from './progress.ts';
import { plain } from './style.ts';

const mark = { lease: 5, seq: 1 };
const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

const recorded = <T extends EventType>(type: T, data: EventOf<T>['data'], version = 7): Recorded =>
  ({
    type,
    v: 1,
    data,
    id: 'id',
    stream: 'orch_20260202_143052_a1b2c3d4e5f6',
    version,
    hash: 'h',
    time: '2026-02-02T14:30:52.000Z',
    actor: 'person:ada',
    correlationId: 'c',
    causationId: null,
  }) as Recorded & { data: Event['data'] }; // type and data belong together by the signature

const step = (id: string, name: string) => ({ id, name, action: name, success_criteria: [], depends_on: [] });

const planned = recorded('plan.created', {
  ...mark,
  plan: {
    id: 'bp_1',
    task_id: 't',
    goal: 'g',
    acceptance_criteria: [],
    steps: [step('step_1', 'Add the route'), { ...step('step_2', 'Test it'), risky: true }],
    quality_gates: {},
  },
  source: 'recipe health-endpoint',
  confidence: 90,
  cautions: ['no test runner was found'],
});

const lines = (event: Recorded, detail: Detail, before: Progress = advance(noProgress, planned)): readonly string[] =>
  describeEvent(event, advance(before, event), detail).map((line) => renderLine(line, plain));

const check = (passed: boolean) => ({
  criterion: 'npm test passes',
  type: 'command' as const,
  passed,
  durationMs: 40,
  exitCode: passed ? 0 : 1,
  output: passed ? '' : 'first\n\nexpected 200, found 404\n',
});

test('a plan is one line, and its numbered steps where everything is shown', () => {
  expect(lines(planned, 'brief')).toEqual([
    '✓ plan: 2 steps from recipe health-endpoint, confidence 90 %',
    '! no test runner was found',
  ]);
  expect(lines(planned, 'full')).toEqual([
    '✓ plan: 2 steps from recipe health-endpoint, confidence 90 %',
    '  1. Add the route',
    '  2. Test it (risky)',
    '! no test runner was found',
  ]);
});

test('a verified step is told by its place in the plan and its name', () => {
  const event = recorded('step.succeeded', {
    ...mark,
    step: 'step_2',
    try: 2,
    commit: COMMIT,
    checks: [check(true)],
    durationMs: 1_240,
  });
  expect(lines(event, 'brief')).toEqual(['✓ 2/2 Test it (1 check, 1.2 s, try 2)']);
  expect(lines(event, 'full')).toEqual([
    '✓ 2/2 Test it (1 check, 1.2 s, try 2, commit a1b2c3d4)',
    '  passed: npm test passes',
  ]);
});

test('a failed try shows which check failed and the end of what it printed', () => {
  const event = recorded('step.tried', {
    ...mark,
    step: 'step_1',
    try: 1,
    checks: [check(true), check(false)],
    durationMs: 5,
  });
  expect(lines(event, 'brief')).toEqual([
    '✗ 1/2 Add the route: try 1 failed',
    '  failed: npm test passes (exit 1)',
    '    first',
    '    expected 200, found 404',
  ]);
});

test('a gate that was red before is never told as passed', () => {
  expect(lines(recorded('gate.waived', { ...mark, gate: 'lint', reason: 'red_before' }), 'brief')).toEqual([
    '! gate lint was red before the work began: costs no try',
  ]);
  expect(lines(recorded('gate.waived', { ...mark, gate: 'security', reason: 'not_available' }), 'brief')).toEqual([
    '  gate security not available here',
  ]);
});

test('the route with its signals is shown only where orchestration is', () => {
  const event = recorded('route.decided', {
    workflow: 'plan_then_build',
    complexity: 'complex',
    agents: ['planner', 'builder'],
    confidence: 0.85,
    signals: [{ word: 'add', role: 'verb', pointsTo: 'plan_then_build' }],
    skills: ['backend'],
    policyHash: 'p',
  });
  expect(lines(event, 'brief')).toEqual([]);
  expect(lines(event, 'full')).toEqual([
    '→ route: plan_then_build (planner → builder)',
    '  complexity complex, confidence 85 %',
    '  signals: add (verb)',
    '  skills: backend',
  ]);
});

test('handoffs and checkpoints are shown only where orchestration is', () => {
  const handoff = recorded('handoff.recorded', { from: 'planner', to: 'builder', context: {} });
  const saved = recorded('checkpoint.saved', {
    checkpoint: 'cp_1',
    name: 'after planner',
    afterAgent: 'planner',
    commit: null,
  });
  expect([...lines(handoff, 'brief'), ...lines(saved, 'brief')]).toEqual([]);
  expect(lines(handoff, 'full')).toEqual(['→ planner handed over to builder']);
  expect(lines(saved, 'full')).toEqual(['→ checkpoint cp_1 "after planner" saved at no commit']);
});

test('what a prompt or the result says is not said twice', () => {
  expect(lines(recorded('orchestration.completed', { commit: null }), 'full')).toEqual([]);
});

test('a pause is news in either detail', () => {
  expect(lines(recorded('orchestration.paused', { reason: 'release freeze' }), 'brief')).toEqual([
    '! paused: release freeze',
  ]);
});

test('a step that runs is what goes on', () => {
  const event = recorded('step.started', { ...mark, step: 'step_2', try: 3 });
  expect(activity(advance(noProgress, planned), event)).toBe('2/2 Test it (try 3)');
});

const decided = (data: Partial<EventOf<'recovery.decided'>['data']>) =>
  lines(
    recorded('recovery.decided', {
      action: 'retry',
      reason: 'try 1 of 5 failed',
      notBefore: null,
      hint: null,
      counted: true,
      draw: 0.5,
      policyHash: 'p',
      ...data,
    }),
    'brief',
  );

test('a retry says what it changes, or how long it waits', () => {
  expect(decided({ hint: 'look at the port\nand the path' })).toEqual([
    '! retry: try 1 of 5 failed',
    '    hint: look at the port',
    '    hint: and the path',
  ]);
  expect(decided({ notBefore: '2026-02-02T14:30:53.500Z' })).toEqual(['! retry in 1.5 s: try 1 of 5 failed']);
});

test('a window that is waited out is told with its end, and is no try', () => {
  const reason = 'the provider takes no requests until then, which is no failed try';
  expect(decided({ counted: false, notBefore: '2026-02-02T15:30:52.000Z', reason })).toEqual([
    `! waits 1 h 0 min, until 2026-02-02T15:30:52.000Z: ${reason}`,
  ]);
});

test.each([
  ['replan', '! another plan: it does not work'],
  ['escalate', '✗ a person decides: it does not work'],
  ['halt', '✗ halt at once: it does not work'],
] as const)('the decision to %s is told in words', (action, expected) => {
  expect(decided({ action, reason: 'it does not work' })).toEqual([expected]);
});

test('what an agent said last is not shown any more while its work is checked', () => {
  const red = { ...mark, gate: 'lint' as const, try: 1, durationMs: 20, output: 'a.ts: unused' };
  const shown = [
    recorded('step.tried', { ...mark, step: 'step_2', try: 1, checks: [check(false)], durationMs: 40 }),
    recorded('gate.failed', red),
    recorded('gate.passed', { ...mark, gate: 'lint', try: 2, durationMs: 20 }),
  ].map((event) => activity(advance(noProgress, planned), event));
  expect(shown).toEqual(['2/2 Test it: a check is red', 'correcting what gate lint found', 'checking']);
});
