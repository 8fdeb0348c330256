import { describe, expect, test } from 'vitest';
import type { ContextPolicy } from '#contracts';
import {
  failureOf,
  gateFailed,
  gatePassed,
  gates,
  gateWaived,
  planOf,
  reported,
  started,
  stepDone,
  stepTried,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import { fact } from '../context.ts';
import { budgetDocument, contextBudget, contextUsed } from './budget.ts';
import { learningsFrom, subjectDomain } from './learn.ts';

const runOf = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('the facts of this test begin with a goal');
  return state;
};
const building = [submittedWithPlan(planOf(2)), started(3)] as const;

describe('the budget of a run', () => {
  const limits = { soft: 100, hard: 120 };
  const policy: ContextPolicy = {
    pools: {
      reserved: limits,
      learnings: limits,
      backlog: limits,
      plans: limits,
      context7: limits,
      working: limits,
    },
    total: { soft: 600, hard: 700 },
  };
  const allocated = fact('context.allocated', { lease: 4, seq: 1, ...policy });
  const call = (seq: number, work: string, plans: number, working: number) =>
    fact('context.given', {
      lease: 4,
      seq,
      role: 'builder',
      work,
      pieces: [
        { hash: 'a', source: 'plan.json', pool: 'plans', tokens: plans },
        { hash: 'b', source: 'goal', pool: 'working', tokens: working },
      ],
    });
  const run = runOf(...building, allocated, call(2, 'step_1', 85, 20), call(3, 'step_2', 30, 20));

  test('is not known before an agent has started', () => expect(contextBudget(runOf(...building))).toBeNull());
  test('shows the pools as the newest call filled them', () => {
    expect(contextBudget(run)).toMatchObject({ pressure_level: 'normal', total: { used: 50, percent: 8 } });
  });
  test('of an agent is the most that one of its calls was given', () => expect(contextUsed(run, 1)).toBe(105));
  test('of a call that was refused shows how it would have filled the pools, until another is given', () => {
    const refused = fact('context.refused', {
      lease: 4,
      seq: 4,
      role: 'builder',
      work: 'step_2',
      pieces: [{ hash: 'c', source: 'plan.json', pool: 'plans', tokens: 121 }],
      problem: 'pool plans holds 121 tokens after optimisation, and 120 is the most',
    });
    const standing = (...facts: Facts) =>
      budgetDocument(runOf(...building, allocated, call(2, 'step_1', 85, 20), refused, ...facts), policy);
    expect(standing()).toMatchObject({
      pools: expect.arrayContaining([expect.objectContaining({ pool: 'plans', used: 121, status: 'EXCEEDED' })]),
      counted_tokens: 105,
      given: [{ work: 'step_1' }],
      refused: { agent: 'builder', work: 'step_2', tokens: 121, problem: expect.stringContaining('121 tokens') },
    });
    expect(standing(call(5, 'step_2', 30, 20))).toMatchObject({ refused: null, total: { used: 50 } });
  });
  test('lists everything that was given, and every time that space was made', () => {
    const optimised = fact('context.optimised', {
      lease: 4,
      seq: 4,
      actions: [{ action: 'prune what is done from the plan', pool: 'plans', freed: 9 }],
      before: 99,
      after: 90,
    });
    const document = budgetDocument(runOf(...building, allocated, call(2, 'step_1', 85, 20), optimised), policy);
    expect(document).toMatchObject({
      optimization_triggered: true,
      given: [{ agent: 'builder', work: 'step_1', tokens: 105 }],
      optimised: [{ before: 99, after: 90 }],
    });
  });
});

describe('what a run teaches', () => {
  const texts = (...facts: Facts) => learningsFrom(runOf(...facts)).map(({ domain, text }) => `${domain}: ${text}`);
  const failure = failureOf('code_error', { error: 'Cannot find module\n  express' });

  test('a run without trouble teaches nothing', () =>
    expect(texts(...building, reported(4, 1, stepDone('step_1')))).toEqual([]));

  test('a step that failed and then passed says why', () =>
    expect(
      texts(...building, reported(4, 1, stepTried('step_1', 1, failure)), reported(4, 2, stepDone('step_1'))),
    ).toEqual(['backend: "do step_1" failed once before it passed: Cannot find module express']));

  test('the hint that was given is part of it', () => {
    const plan = planOf(1, { step_1: { retry_behavior: { max_attempts: 3, fix_hints: ['install it'] } } });
    expect(
      texts(
        submittedWithPlan(plan),
        started(3),
        reported(4, 1, stepTried('step_1', 1, failure)),
        reported(4, 2, stepDone('step_1')),
      ),
    ).toEqual([expect.stringMatching(/ Hint that was given: install it$/)]);
  });

  test('a step that never passed teaches nothing yet', () =>
    expect(texts(...building, reported(4, 1, stepTried('step_1', 1, failure)))).toEqual([]));

  test('gates that were red before, and gates that became green, are learned by their domain', () =>
    expect(
      texts(
        ...building,
        reported(4, 1, gates('lint', 'test'), gateWaived('lint', 'red_before'), gateFailed('test', 1, failure)),
        reported(4, 2, gatePassed('test', 2)),
      ),
    ).toEqual([
      'global: gate lint (npm run lint) is red without any change of ours',
      'testing: gate test (npm run test) failed once before it passed: Cannot find module express',
    ]));

  test('what was captured before is not captured again', () => {
    const failedOnce = [
      ...building,
      reported(4, 1, stepTried('step_1', 1, failure)),
      reported(4, 2, stepDone('step_1')),
    ];
    const entries = [...learningsFrom(runOf(...failedOnce))];
    expect(texts(...failedOnce, fact('learnings.captured', { lease: 4, seq: 3, entries }))).toEqual([]);
  });

  test.each([
    ['Add a health endpoint', 'backend'],
    ['Integrate with Stripe', 'integration:stripe'],
    ['Rename the file', 'global'],
  ])('"%s" is about %s first of all', (goal, domain) => expect(subjectDomain(runOf(submitted({ goal })))).toBe(domain));
});
