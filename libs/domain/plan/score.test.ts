import { expect, test } from 'vitest';
import { planOf } from './plan.testing.ts';
import { scorePlan, verdict } from './score.ts';

const scored = (plan: Parameters<typeof scorePlan>[0]) => scorePlan(plan, { browser: true });

const thereOnly = [{ criterion: 'exists', verification: { type: 'file_exists' as const, path: 'x' } }];

test('a plan whose steps and result are checked by running something is trusted', () => {
  expect(scored(planOf([{ id: 'a' }]))).toEqual({ confidence: 100, cautions: [] });
});

test('a plan that cannot run has no confidence, and says why', () => {
  expect(scored(planOf([{ id: 'a', depends_on: ['a'] }]))).toEqual({
    confidence: 0,
    cautions: ['step a depends on itself'],
  });
});

test.each([
  ['no criterion that must pass', planOf([{ id: 'a' }], { acceptance_criteria: [] }), 85],
  [
    'one of two steps checked by a file being there',
    planOf([{ id: 'a' }, { id: 'b', success_criteria: thereOnly }]),
    90,
  ],
  ['a gate switched off', planOf([{ id: 'a' }], { quality_gates: { test: false } }), 95],
  ['a deletion that is not marked risky', planOf([{ id: 'a', operations: [{ op: 'delete', path: 'x' }] }]), 90],
  [
    'a deletion that is marked risky',
    planOf([{ id: 'a', risky: true, operations: [{ op: 'delete', path: 'x' }] }]),
    100,
  ],
  ['a new dependency', planOf([{ id: 'a', operations: [{ op: 'run', command: 'npm install left-pad' }] }]), 90],
  ['a very long plan', planOf(Array.from({ length: 51 }, (_, i) => ({ id: `s${i}` }))), 90],
])('%s costs its points', (_name, plan, confidence) => {
  const score = scored(plan);
  expect(score.confidence).toBe(confidence);
  expect(score.cautions).toHaveLength(confidence === 100 ? 0 : 1);
});

test('checks in a browser cost points where there is none', () => {
  const look = { type: 'browser' as const, url: 'index.html', assertions: ['Hello'] };
  const plan = planOf([{ id: 'a', success_criteria: [{ criterion: 'it greets', verification: look }] }]);
  expect(scored(plan)).toEqual({ confidence: 100, cautions: [] });
  expect(scorePlan(plan, { browser: false })).toEqual({
    confidence: 95,
    cautions: ['1 check in a browser, and there is none here'],
  });
});

test('cautions come heaviest first', () => {
  const plan = planOf([{ id: 'a', success_criteria: thereOnly }], {
    acceptance_criteria: [],
    quality_gates: { lint: false },
  });
  expect(scored(plan)).toEqual({
    confidence: 60,
    cautions: [
      '1 step checked only by a file being there',
      'no acceptance criterion must pass: only the steps are checked',
      'a quality gate is switched off',
    ],
  });
});

test.each([
  [100, 'go'],
  [80, 'go'],
  [79, 'caution'],
  [60, 'caution'],
  [59, 'ask'],
  [40, 'ask'],
  [39, 'block'],
  [0, 'block'],
] as const)('%d means %s', (confidence, expected) => expect(verdict(confidence)).toBe(expected));
