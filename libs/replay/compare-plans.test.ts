import { expect, test } from 'vitest';
import {
  collected,
  commit,
  done,
  planned,
  planOf,
  reported,
  started,
  stepDone,
  submittedWithPlan,
} from '../../test/support/facts.ts';
import { type Facts, given } from '../../test/support/spec.ts';
import { comparePlans } from './compare.ts';
import { type PlanPeriod, planPeriods } from './plan-periods.ts';
import { verifiedWork } from './verified-work.ts';

const historyOf = (...facts: Facts) => given(...facts).history;

/** A run with this plan, and its first step done. */
const period = (change: Partial<ReturnType<typeof planOf>> = {}): PlanPeriod => {
  const history = historyOf(
    submittedWithPlan({ ...planOf(2), ...change }),
    started(3),
    ...reported(4, 1, stepDone('step_1', commit('b'))),
  );
  const [only] = planPeriods(history);
  if (!only) throw new Error('there is a plan');
  return only;
};

test('two plans that say the same and come out the same are the same, whatever they are called', () =>
  expect(comparePlans(period(), period({ id: 'bp_other', task_id: 'other' }))).toEqual({ same: true, facts: 2 }));

test('of two plans that say something else, the field is named', () => {
  const [first, second] = planOf(2).steps;
  if (!first || !second) throw new Error('there are two steps');
  expect(comparePlans(period(), period({ steps: [first, { ...second, name: 'Another' }] }))).toMatchObject({
    same: false,
    facts: 0,
    difference: { field: 'data.plan.steps.1.name', left: second.name, right: 'Another' },
  });
});

test('of two plans that come out differently, the first fact is named', () => {
  const { plan, events } = period();
  expect(comparePlans({ plan, events }, { plan, events: events.slice(0, 1) })).toMatchObject({
    same: false,
    facts: 1,
    left: { type: 'step.succeeded' },
    right: null,
  });
});

test('each plan has what happened until the next one', () => {
  const history = historyOf(
    submittedWithPlan(planOf(1)),
    started(3),
    ...reported(4, 1, stepDone('step_1', commit('b'))),
    ...reported(4, 2, planned({ ...planOf(1), id: 'bp_2' })),
  );
  const periods = planPeriods(history);
  expect(periods.map(({ plan, events }) => [plan.id, events[0]?.type, events.length])).toEqual([
    ['bp_1', 'goal.submitted', 5],
    ['bp_2', 'plan.created', history.length - 5],
  ]);
});

test('verified work is named by its step, and the same files again are no new work', () => {
  const history = historyOf(
    submittedWithPlan(planOf(2)),
    started(3),
    ...reported(4, 1, stepDone('step_1', commit('b'))),
    ...reported(4, 2, stepDone('step_2', null)),
    ...reported(4, 3, collected(commit('b')), done()),
  );
  expect(verifiedWork(history).map(({ work, commit: made }) => [work, made])).toEqual([['step_1', commit('b')]]);
});
