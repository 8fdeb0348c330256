import { describe, expect, test } from 'vitest';
import { ProjectMap } from '#contracts';
import {
  closed,
  commit,
  dispatched,
  done,
  overridden,
  planOf,
  policy,
  reported,
  started,
  submitted,
  tasks,
} from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import { fact } from '../context.ts';
import { childIdOf, type Place } from './child-id.ts';
import { childSubmission } from './child-submission.ts';
import { begun, childOf, goalOf, limits, live, task } from './children.testing.ts';

const typesOf = (facts: Facts) => given(...facts).history.map(({ type }) => type);
const plannedIn = (facts: Facts) => {
  const found = given(...facts).history.find((event) => event.type === 'children.planned');
  return found?.type === 'children.planned' ? found.data : null;
};
const answer = (text: string) => ({ type: 'answer', interaction: null, answer: text, note: null }) as const;

describe('a run consists of', () => {
  test('the tasks that came with its goal, which are named and begun in the append that takes it in', () => {
    const wanted = [task('T2', { after: ['api'], files: ['src/**'] }), task('api', { plan: planOf(1) })];
    expect(plannedIn([goalOf(wanted)])).toEqual({ tasks: wanted, atOnce: 3 });
    expect(typesOf([goalOf(wanted)])).toEqual(['goal.submitted', 'route.decided', 'children.planned', 'child.started']);
  });
  test('the items of the list that its text is', () =>
    expect(plannedIn([submitted({ goal: '- Fix the typo\n- Add a cart', policy: limits })])?.tasks).toEqual([
      task('T1', { goal: 'Fix the typo' }),
      task('T2', { goal: 'Add a cart' }),
    ]));
  test('its goal as the only task, with the plan that came with it, where nothing is listed; none of it is left to do in the run itself', () => {
    const plan = planOf(2);
    const facts = [goalOf([], { goal: 'Add a cart', plan, planSource: 'plan.json' })];
    expect(plannedIn(facts)?.tasks).toEqual([task('T1', { goal: 'Add a cart', plan })]);
    expect(live(facts)).toMatchObject({ plan: null, steps: [] });
  });
  test('as many tasks at once as its policy says, in a sequence of one', () => {
    expect(plannedIn([goalOf([task('T1')], { policy: { ...limits, childrenAtOnce: 8 } })])?.atOnce).toBe(8);
    expect(plannedIn([goalOf([task('T1')], { sequential: true })])?.atOnce).toBe(1);
  });
  test('no tasks where it is a task itself, or is of before there were any: a person chooses another workflow', () => {
    const parent = { orchestration: 'orch_20260202_143000_000000000001', task: 'T1' };
    for (const facts of [[goalOf([task('T1')], { parent })], [submitted({ tasks: tasks('a', 'b'), policy })]])
      expect(typesOf(facts)).toEqual(['goal.submitted', 'route.decided', 'interaction.opened']);
  });
  test('nothing before its route is confirmed', () => {
    const asked = [goalOf([task('T1')], { mode: 'explicit' })];
    expect(typesOf(asked).at(-1)).toBe('interaction.opened');
    given(...asked)
      .when(answer('y'))
      .thenEvents(
        closed(1, 'answered', 'y'),
        fact('children.planned', { tasks: [task('T1')], atOnce: 3 }),
        begun(asked, 3, 'T1'),
      );
    given(...asked)
      .when(answer('build_only'))
      .thenEvents(closed(1, 'answered', 'build_only'), overridden('build_only'), dispatched());
  });
});

describe('what an architect drew', () => {
  const map = ProjectMap.parse({
    tasks: [
      { id: 'T1', title: 'Add a cart', acceptance: [{ criterion: 'it holds things' }], files: ['cart.ts'] },
      { id: 'T2', title: 'Show the cart', depends_on: ['T1'] },
    ],
  });
  const drawn = [
    task('T1', {
      goal: 'Add a cart\n\nDone when:\n- it holds things\n\nChanges only:\n- cart.ts',
      files: ['cart.ts'],
    }),
    task('T2', { goal: 'Show the cart', after: ['T1'] }),
  ];
  const platform = (change: Parameters<typeof submitted>[0] = {}): Facts => [
    submitted({ goal: 'Create a multi-tenant billing platform', policy: limits, ...change }),
  ];
  const draws = (facts: Facts, dispatch: number): Facts => [
    ...facts,
    started(dispatch),
    ...reported(dispatch + 1, 1, { fact: 'map.drawn', data: { map, source: 'specification' } }, done()),
  ];

  test('are the tasks, each with all that the map says of it', () =>
    expect(plannedIn(draws(platform(), 3))).toEqual({ tasks: drawn, atOnce: 3 }));
  test('is built after a person said yes, in explicit mode', () => {
    const facts = draws([...platform({ mode: 'explicit' }), closed(1, 'answered', 'y')], 5);
    expect(plannedIn(facts)).toBeNull();
    given(...facts)
      .when(answer('y'))
      .thenEvents(
        closed(2, 'answered', 'y'),
        fact('children.planned', { tasks: drawn, atOnce: 3 }),
        begun(facts, 3, 'T1'),
      );
  });
  test('is not asked for where all was confirmed in advance', () =>
    expect(plannedIn(draws(platform({ mode: 'explicit', confirm: false }), 3))).not.toBeNull());
  test('is only drawn where it goes to a backlog: the run is done with the map', () => {
    const facts = draws(platform({ backlog: 'backlog_0123456789ab' }), 3);
    expect(plannedIn(facts)).toBeNull();
    expect(typesOf(facts).at(-1)).toBe('orchestration.completed');
  });
  test('goes to a backlog after a person said yes, in explicit mode', () => {
    const backlog = 'backlog_0123456789ab';
    const facts = draws([...platform({ mode: 'explicit', backlog }), closed(1, 'answered', 'y')], 5);
    given(...facts)
      .when(answer('y'))
      .thenEvents(closed(2, 'answered', 'y'), fact('orchestration.completed', { commit: null }));
  });
});

describe('the run of a task', () => {
  const place: Place = {
    parent: 'orch_20260202_143052_a1b2c3d4e5f6',
    task: 'T1',
    try: 1,
    version: 4,
    time: '2026-02-02T15:00:00.000Z',
  };

  test('has an id that its place in the log of its parent gives, so that asking twice starts it once', () => {
    expect(childIdOf(place)).toMatch(/^orch_20260202_150000_[0-9a-f]{12}$/);
    expect(childIdOf({ ...place })).toBe(childIdOf(place));
  });
  test.each([{ parent: 'orch_20260202_143052_a1b2c3d4e5f7' }, { task: 'T2' }, { try: 2 }, { version: 5 }])(
    'is another one at another place: %o',
    (other) => expect(childIdOf({ ...place, ...other })).not.toBe(childIdOf(place)),
  );

  test('goes under all that its parent was started under', () => {
    const shared = {
      engine: 'recipes',
      priority: 1,
      labels: { team: 'shop' },
      answers: { colour: 'blue' },
      attended: true,
      budgetUsd: 5,
      workspace: '/srv/shop',
    };
    const run = live([goalOf([task('T1')], shared)]);
    expect(childSubmission(run, childOf(run, 'T1'))).toMatchObject({
      ...shared,
      goal: 'do T1',
      trigger: 'cli',
      policy: limits,
      parent: { orchestration: run.id, task: 'T1' },
    });
  });
  test('has nothing of the whole: no tasks, no checks, no question about its route', () => {
    const run = live([goalOf([task('T1')], { checks: ['npm test'], sequential: true })]);
    expect(childSubmission(run, childOf(run, 'T1'))).toMatchObject({
      mode: 'implicit',
      confirm: false,
      tasks: [],
      sequential: false,
      specification: null,
      checks: [],
      backlog: null,
      driver: 'studio',
    });
  });
  test('has the checks that are its own', () => {
    const run = live([goalOf([{ ...task('T1'), checks: ['npm test'] }], { checks: ['npm run lint'] })]);
    expect(childSubmission(run, childOf(run, 'T1')).checks).toEqual(['npm test']);
  });
  test('is planned first, unless the task has its plan', () => {
    const run = live([goalOf([task('T1'), task('T2', { plan: planOf(1) })])]);
    expect(childSubmission(run, childOf(run, 'T1'))).toMatchObject({
      workflow: 'plan_then_build',
      plan: null,
      planSource: null,
    });
    expect(childSubmission(run, childOf(run, 'T2'))).toMatchObject({
      workflow: 'build_only',
      plan: planOf(1),
      planSource: 'task T2',
    });
  });
  test('is told what a person wants to be different', () => {
    const run = live([goalOf([task('T1')])]);
    expect(childSubmission(run, { ...childOf(run, 'T1'), hint: 'use one file' }).goal).toBe('do T1\n\nuse one file');
  });
  test('takes what is not committed along only where it does not build on a commit', () => {
    const run = live([goalOf([task('T1')], { includeDirty: true })]);
    const child = childOf(run, 'T1');
    expect(childSubmission(run, child)).toMatchObject({ includeDirty: true, bases: [] });
    const bases = [commit('b')];
    expect(childSubmission(run, { ...child, bases })).toMatchObject({ includeDirty: false, bases });
  });
});
