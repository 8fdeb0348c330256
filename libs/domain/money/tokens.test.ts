import { describe, test } from 'vitest';
import { closed, dispatched, planOf, started, submittedWithPlan } from '../../../test/support/facts.ts';
import { contextOf, given } from '../../../test/support/spec.ts';
import { fact } from '../context.ts';

const account = `tokens:${contextOf().stream}`;
const usedUp = { scope: 'tokens', account, limit: 2_000_000, spent: 2_100_000, until: null } as const;
const exceeded = fact('budget.exceeded', usedUp);
const building = [submittedWithPlan(planOf(2), { budgetTokens: 2_000_000 }), started(3)] as const;

describe('a budget of tokens that is used up', () => {
  test('is asked about in tokens', () =>
    given(...building)
      .when({ type: 'exceed_budget', ...usedUp })
      .thenEvents(
        exceeded,
        fact('interaction.opened', {
          interaction: 'int_1',
          kind: 'budget',
          prompt: 'The budget of tokens of this goal is used up: 2,100,000 of 2,000,000 tokens.',
          options: [
            { key: '4100000', label: 'raise it to 4,100,000 tokens for this run; any other amount will do' },
            { key: 'a', label: 'abort; the branch is kept' },
          ],
          deadline: null,
          default: null,
          round: null,
          focus: null,
          about: account,
        }),
      ));

  const answered = (answer: string) =>
    given(...building, exceeded).when({ type: 'answer', interaction: null, answer, note: null });

  test('is raised to any number that is more, and the run goes on', () =>
    answered('3000000 tokens').thenEvents(
      fact('budget.raised', { account, limit: 3_000_000 }),
      closed(1, 'answered', '3000000'),
      dispatched({ invocation: 1, reason: 'continued' }),
    ));

  test('is not raised to what is spent already', () => answered('2100000').thenRejects('rule.budget.no_raise'));
});
