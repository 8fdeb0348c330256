import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { ProjectMap } from '#contracts';
import { fc } from '../../../test/support/fast-check.ts';
import { planOf } from '../plan/plan.testing.ts';
import { taskChecks } from './task-checks.ts';
import { taskGoal } from './task-goal.ts';
import { dependencyProblems, validateMap } from './validate-map.ts';

type MapInput = z.input<typeof ProjectMap>;
type TaskInput = Partial<MapInput['tasks'][number]> & { readonly id: string };

const mapOf = (tasks: readonly TaskInput[], rest: Partial<MapInput> = {}): ProjectMap =>
  ProjectMap.parse({ ...rest, tasks: tasks.map((task) => ({ title: `do ${task.id}`, ...task })) });
const taskOf = (task: Omit<TaskInput, 'id'>) => {
  const [only] = mapOf([{ id: 'T1', ...task }]).tasks;
  if (!only) throw new Error('a map of one task has one');
  return only;
};

describe('a map can run', () => {
  test('when its ids are unique, its references known and its tasks small enough', () =>
    expect(
      validateMap(
        mapOf([{ id: 'T2', depends_on: ['T1'], feature: 'F1' }, { id: 'T1' }], {
          epics: [{ id: 'E1', title: 'e' }],
          features: [{ id: 'F1', epic: 'E1', title: 'f' }],
        }),
      ),
    ).toEqual([]));

  test('else every problem is listed', () =>
    expect(
      validateMap(
        mapOf(
          [
            { id: 'T1', effort: 'XL', depends_on: ['T9'] },
            { id: 'T1', feature: 'F7' },
            { id: 'T2', depends_on: ['T2'] },
            { id: 'T3', depends_on: ['T4'] },
            { id: 'T4', depends_on: ['T3'], plan: planOf([{ id: 's', success_criteria: [] }]) },
          ],
          { features: [{ id: 'F1', epic: 'E1', title: 'f' }] },
        ),
      ),
    ).toEqual([
      'T1 is used more than once',
      'feature F1 belongs to E1, which is not an epic of this map',
      'task T1 belongs to F7, which is not a feature of this map',
      'task T1 depends on T9, which is not known',
      'task T2 depends on itself',
      'tasks depend on each other in a cycle: T3 → T4 → T3',
      'task T1 is XL: split it into tasks of which each is L or smaller',
      'the plan of task T4: step s has no success criterion: say how to check that it is done',
    ]));

  test('and dependencies may be known elsewhere', () =>
    expect(dependencyProblems(mapOf([{ id: 'T2', depends_on: ['T1'] }]).tasks, new Set(['T1']))).toEqual([]));
});

test.each(['E0', 'T01', 'F-1', 't1', 'T1 ', 'T12345'])('%s is no id of a task', (id) =>
  expect(ProjectMap.safeParse({ tasks: [{ id, title: 't' }] }).success).toBe(false),
);

test('dependencies that only lead to earlier tasks are no problem', () => {
  const edges = fc.array(fc.array(fc.nat(19), { maxLength: 4 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(edges, (all) => {
      const tasks = all.map((to, i) => ({
        id: `T${i + 1}`,
        depends_on: to.filter((other) => other < i).map((other) => `T${other + 1}`),
      }));
      expect(dependencyProblems(tasks)).toEqual([]);
    }),
  );
});

describe('the goal of a task', () => {
  test('is what it says', () => expect(taskGoal(taskOf({ goal: 'Fix the typo' }))).toBe('Fix the typo'));
  test('else all that is known of it', () =>
    expect(
      taskGoal(taskOf({ description: 'With a table.', acceptance: [{ criterion: 'it answers' }], files: ['src/**'] })),
    ).toBe('do T1\n\nWith a table.\n\nDone when:\n- it answers\n\nChanges only:\n- src/**'));
  test('at the least its title', () => expect(taskGoal(taskOf({}))).toBe('do T1'));
});

describe('the checks of a task', () => {
  const checksOf = (...acceptance: NonNullable<TaskInput['acceptance']>) => taskChecks(taskOf({ acceptance }));
  test('are its criteria that a command can show', () =>
    expect(
      checksOf(
        { criterion: 'tests pass', verification: { type: 'test_passes', test_command: 'npm test' } },
        { criterion: 'it lints', verification: { type: 'command', command: 'npm run lint' } },
        { criterion: 'it is there', verification: { type: 'file_exists', path: "it's.md" } },
      ),
    ).toEqual({ checks: ['npm test', 'npm run lint', "test -e 'it'\\''s.md'"] }));
  test('are none where it only says in words when it is done', () =>
    expect(checksOf({ criterion: 'it is pretty' })).toEqual({}));
});
