import { describe, expect, test } from 'vitest';
import {
  aborted,
  closed,
  dispatched,
  overridden,
  planOf,
  policy,
  submission,
  submitted,
  submittedWithPlan,
  tasks,
} from '../../../test/support/facts.ts';
import { given } from '../../../test/support/spec.ts';

const answer = (text: string, interaction: string | null = 'int_1') =>
  ({ type: 'answer', interaction, answer: text, note: null }) as const;
const planner = dispatched({ role: 'planner' });
const typesOf = (history: readonly { readonly type: string }[]) => history.map(({ type }) => type);
const lastOf = (history: readonly { readonly type: string; readonly data: unknown }[]) => history.at(-1)?.data;

describe('submit', () => {
  test('a goal is routed and its first agent is ordered in one append', () =>
    expect(typesOf(given(submitted()).history)).toEqual(['goal.submitted', 'route.decided', 'agent.dispatched']));
  test('a goal with a plan goes to the builder', () =>
    expect(lastOf(given(submittedWithPlan()).history)).toEqual(dispatched().data));
  test('a goal that is submitted again is already so', () =>
    given(submitted()).when({ type: 'submit', submission: submission() }).thenNothing());
  test('nothing else can be done to what was not submitted', () =>
    given().when({ type: 'pause', reason: null }).thenRejects('rule.orchestration.unknown'));
});

describe('a route is confirmed by a person', () => {
  test.each([
    ['in explicit mode', { mode: 'explicit' as const }, ['y', 'build_only', 'n']],
    ['below the threshold', { policy: { ...policy, confirmThreshold: 0.9 } }, ['y', 'build_only', 'n']],
    ['of several tasks, which nothing runs yet', { tasks: tasks('a', 'b') }, ['build_only', 'plan_then_build', 'n']],
    [
      'of a whole platform, which nothing runs yet, even without questions',
      { goal: 'Create a multi-tenant billing platform', confirm: false },
      ['build_only', 'plan_then_build', 'n'],
    ],
  ])('%s', (_when, change, keys) => {
    const { history } = given(submitted(change));
    expect(lastOf(history)).toMatchObject({ kind: 'route', options: keys.map((key) => ({ key })) });
  });
  test('not when it was confirmed in advance', () =>
    expect(lastOf(given(submitted({ mode: 'explicit', confirm: false })).history)).toEqual(planner.data));
});

describe('the answer to a route', () => {
  const asked = submitted({ mode: 'explicit' });
  const several = submitted({ tasks: tasks('a', 'b') });
  test.each(['y', 'Y', ' yes '])('%s orders the first agent', (text) =>
    given(asked)
      .when(answer(text))
      .thenEvents(closed(1, 'answered', 'y'), planner),
  );
  test('n declines it, and the run is aborted', () =>
    given(asked)
      .when(answer('n'))
      .thenEvents(closed(1, 'declined', 'n'), aborted('the route was declined')));
  test('another workflow is run instead, and nobody is asked again', () =>
    given(asked)
      .when(answer('build_only'))
      .thenEvents(closed(1, 'answered', 'build_only'), overridden('build_only'), dispatched()));
  test('for a workflow that nothing runs yet, a person chooses one', () =>
    given(several)
      .when(answer('plan_then_build'))
      .thenEvents(closed(1, 'answered', 'plan_then_build'), overridden('plan_then_build'), planner));
  test('a workflow that nothing runs is no answer', () =>
    given(several).when(answer('decompose_first')).thenRejects('rule.interaction.not_an_option'));
  test('a route that nothing runs cannot be confirmed', () =>
    given(several).when(answer('y')).thenRejects('rule.interaction.not_an_option'));
  test('a question that was never asked has no answer', () =>
    given(asked).when(answer('y', 'int_2')).thenRejects('rule.interaction.unknown'));
  test('the same answer again is already so', () =>
    given(asked, closed(1, 'answered', 'y'))
      .when(answer('yes'))
      .thenNothing());
  test('another answer comes too late', () =>
    given(asked, closed(1, 'answered', 'y'))
      .when(answer('n'))
      .thenRejects('rule.interaction.closed'));
  test('the same answer again is already so after it ended the run', () =>
    given(asked, closed(1, 'declined', 'n'), aborted())
      .when(answer('n'))
      .thenNothing());
  test('with nothing asked there is nothing to answer', () =>
    given(submittedWithPlan(planOf(1)))
      .when(answer('y', null))
      .thenRejects('rule.interaction.unknown'));
});
