import { expect, test } from 'vitest';
import { BuildHandoff } from '#contracts';
import { buildHandoff, planSummary } from './handoff.ts';
import { planOf } from './plan.testing.ts';

test('a summary is a title with the count, then the step names in the order they will run', () => {
  const plan = planOf([
    { id: 'b', name: 'Test it', depends_on: ['a'] },
    { id: 'a', name: 'Write the handler' },
  ]);
  expect(planSummary(plan)).toBe('2 steps to do: Add a health endpoint\n1. Write the handler\n2. Test it');
});

test('a handoff is complete, with and without gathered requirements', () => {
  const bare = buildHandoff(planOf([{ id: 'a' }]));
  expect(BuildHandoff.parse(bare)).toEqual(bare);
  expect(bare).toMatchObject({
    task_id: 'task_1',
    plan_id: 'bp_1',
    learnings_loaded: [],
    requirements_summary: { scope_in: ['Add a health endpoint'], scope_out: [] },
  });
  const gathered = {
    scope: { included: ['GET /health'], excluded: ['metrics'] },
    success_criteria: [],
    technical_constraints: [],
    edge_cases: [],
    quality_requirements: [],
    user_confirmations: [],
  };
  expect(buildHandoff(planOf([{ id: 'a' }], { gathered_requirements: gathered }), ['security'])).toMatchObject({
    learnings_loaded: ['security'],
    requirements_summary: { scope_in: ['GET /health'], scope_out: ['metrics'] },
  });
});
