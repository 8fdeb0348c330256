import { expect, test } from 'vitest';
import type { Plan, PlannerAnswer } from '#contracts';
import { assumptionsIn, unaskedIn, withConfirmations } from './confirmations.ts';

const plan: Plan = {
  id: 'bp_1',
  task_id: 'T1',
  goal: 'g',
  acceptance_criteria: [],
  steps: [{ id: 'step_1', name: 's', action: 'a', success_criteria: [], depends_on: [] }],
  quality_gates: {},
};
const answer = (change: Partial<PlannerAnswer> = {}): PlannerAnswer => ({
  id: 'q',
  question: 'Which?',
  response: 'this',
  round: 2,
  assumed: false,
  ...change,
});
const confirmationsIn = ({ gathered_requirements: gathered }: Plan) => gathered?.user_confirmations;

test('what an engine left out of its plan is added, with assumptions marked', () => {
  const answers = [
    answer(),
    answer({ id: 'r', question: 'Where?', assumed: true }),
    answer({ id: 's', round: 0, question: 's' }),
  ];
  expect(confirmationsIn(withConfirmations(plan, answers))).toEqual([
    { question: 'Which?', response: 'this', round: 2 },
    { question: 'Where?', response: 'assumed: this', round: 2 },
    { question: 's', response: 'this', round: 1 },
  ]);
});

test('what an engine said itself stays as it said it', () => {
  const once = withConfirmations(plan, [answer()]);
  expect(withConfirmations(once, [answer({ response: 'other' })])).toBe(once);
  expect(withConfirmations(once, [answer({ id: 'q0', question: 'q0', round: 0 })])).toBe(once);
  expect(withConfirmations(plan, [])).toBe(plan);
});

test('assumptions are told, answers of people are none', () => {
  expect(assumptionsIn([answer(), answer({ question: 'Where?', assumed: true })])).toEqual(['assumed: Where? this']);
});

test('an answer that came with the goal and that nothing asked for is told, where something had to be assumed', () => {
  const misspelt = answer({ id: 'storrage', round: 0 });
  const told = (answers: readonly PlannerAnswer[]) => unaskedIn(answers, { parent: null });
  expect(told([misspelt, answer({ assumed: true })])).toEqual(['nothing asked for the answer to storrage']);
  expect(told([misspelt, answer()])).toEqual([]);
  expect(told([answer({ assumed: true })])).toEqual([]);
});
