import { expect, test } from 'vitest';
import { countWords, daysAgo, learning, NOW, plan, policy, reading, words } from './context.testing.ts';
import { type OptimiseOptions, optimise } from './optimise.ts';
import type { Reading } from './pieces.ts';

/** Pools of a hundred words. */
const small = {
  ...policy,
  pools: Object.fromEntries(Object.keys(policy.pools).map((pool) => [pool, { soft: 100, hard: 120 }])),
  // Each pool of the policy is named by its key, which Object.fromEntries does not keep.
} as unknown as typeof policy;

const run = (from: Reading, change: Partial<OptimiseOptions> = {}) =>
  optimise(from, {
    policy: small,
    count: countWords,
    now: NOW,
    isDone: () => false,
    subject: 'the goal',
    from: 'critical',
    ...change,
  });

const old = learning(`It is so. ${words(40)}`, { time: daysAgo(45) });
const ancient = learning(words(30, 'ancient'), { time: daysAgo(91) });
const recent = learning(words(30, 'recent'), { time: daysAgo(29) });
const fill = { pool: 'plans', source: 'filler', text: words(96) } as const;

test('without pressure nothing is taken away', () => {
  const given = reading({ learnings: [recent, old], docs: [{ library: 'zod', text: words(50) }] });
  expect(run(given)).toMatchObject({ reading: given, actions: [], problem: null, pressure: 'normal' });
});

test('learnings of 30 to 90 days are summarised first, and that may be enough', () => {
  const { reading: left, actions, before, after, pressure } = run(reading({ learnings: [recent, old, ancient] }));
  expect(actions).toEqual([{ action: 'summarise learnings of 30 to 90 days', pool: 'learnings', freed: 40 }]);
  expect(left.learnings.map(({ text }) => text)).toEqual([recent.text, 'It is so.', ancient.text]);
  expect({ before: before - after, pressure }).toEqual({ before: 40, pressure: 'normal' });
});

test('what is older than 90 days is left out next', () => {
  const many = [recent, { ...recent, text: words(31, 'more') }, old, ancient];
  const { reading: left, actions } = run(reading({ learnings: many }));
  expect(actions.map(({ action }) => action)).toEqual([
    'summarise learnings of 30 to 90 days',
    'archive learnings of over 90 days',
  ]);
  expect(left.learnings).not.toContain(ancient);
});

test('documentation that neither goal nor plan names goes, the rest stays', () => {
  const docs = [
    { library: 'zod', text: words(50) },
    { library: 'react', text: words(50) },
  ];
  const { reading: left, actions } = run(reading({ docs }), { subject: 'Validate with zod.' });
  expect(left.docs.map(({ library }) => library)).toEqual(['zod']);
  expect(actions).toEqual([{ action: 'clear unused documentation', pool: 'context7', freed: 50 }]);
});

test('of steps that are done a plan keeps the name', () => {
  const { reading: left, actions } = run(reading({ plan }), { isDone: (step) => step === 'step_1' });
  expect(left.plan?.steps).toEqual([
    { id: 'step_1', name: 'first', action: 'done', success_criteria: [], depends_on: [] },
    plan.steps[1],
  ]);
  expect(actions).toEqual([{ action: 'prune what is done from the plan', pool: 'plans', freed: expect.any(Number) }]);
});

test('an action that makes no space where it is short is not taken', () => {
  const { actions, reading: left } = run(reading({ learnings: [old], texts: [fill] }));
  expect(actions).toEqual([]);
  expect(left.learnings).toEqual([old]);
});

test('with pressure on all pools together every pool gives way, in order', () => {
  const { actions } = run(reading({ learnings: [old, ancient], docs: [{ library: 'zod', text: words(50) }] }), {
    policy: { ...small, total: { soft: 50, hard: 500 } },
  });
  expect(actions.map(({ pool }) => pool)).toEqual(['learnings', 'learnings', 'context7']);
});

test('between the soft and the hard limit the agent goes on', () => {
  expect(run(reading({ texts: [fill] }))).toMatchObject({ pressure: 'critical', problem: null });
});

test('more than a hard limit is a problem that says what is full', () => {
  expect(run(reading({ texts: [{ ...fill, text: words(121) }] }))).toMatchObject({
    problem: 'pool plans holds 121 tokens after optimisation, and 120 is the most',
    full: 'plans',
  });
});

test('freeing less than was claimed is a problem', () => {
  // A tokenizer whose answers change: the same texts are worth more when they are counted at the end.
  let calls = 0;
  const count = (text: string) => {
    calls += 1;
    return countWords(text) + (calls > 2 ? 30 : 0);
  };
  const { problem } = run(reading({ learnings: [recent, old, ancient] }), { count });
  expect(problem).toMatch(/^optimisation said that it freed \d+ tokens, and \d+ are gone$/);
});

test('at a warning space is made only where that was asked for', () => {
  const given = reading({ learnings: [recent, { ...old, text: `So. ${words(55)}` }] });
  expect(run(given).actions).toEqual([]);
  expect(run(given, { from: 'warning' })).toMatchObject({ pressure: 'normal', actions: [{ pool: 'learnings' }] });
});
