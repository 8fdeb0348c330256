import { expect, test } from 'vitest';
import { Plan } from '#contracts';
import type { EngineContext } from './engine.ts';
import { createNoopEngine } from './noop-engine.ts';

const context: EngineContext = {
  directory: '/nowhere',
  signal: new AbortController().signal,
  progress: () => undefined,
  stepKey: 'key',
  run: () => Promise.reject(new Error('nothing is run')),
};

test('plans one checked step without operations, and does it by doing nothing', async () => {
  const engine = createNoopEngine();
  const planned = await engine.plan(
    { kind: 'plan', goal: 'g', taskId: 'T1', skills: [], hint: null, failure: null, round: null, answers: [] },
    context,
  );
  if (planned.outcome !== 'planned') throw new Error('the no-op engine plans anything');
  expect(Plan.parse(planned.plan)).toEqual(planned.plan);
  const [step] = planned.plan.steps;
  if (!step) throw new Error('a plan has a step');
  expect(step.operations).toBeUndefined();
  expect(step.success_criteria).toHaveLength(1);
  const request = { kind: 'step', goal: 'g', plan: planned.plan, step, try: 1, previous: null, hint: null } as const;
  expect(await engine.work(request, context)).toEqual({ outcome: 'done', summary: 'nothing to do' });
});
