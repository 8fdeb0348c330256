import { describe, expect, test } from 'vitest';
import { fc } from '../../test/support/fast-check.ts';
import { decompose, having, type TaskInput } from './backlog.testing.ts';
import { nextTasks, rankTasks, tasksForRun } from './order.ts';

const itemsOf = (tasks: readonly TaskInput[]) => having(decompose(tasks)).state.items;
const checked = [{ criterion: 'c', verification: { type: 'command' as const, command: 'true' } }];

describe('what comes first', () => {
  test('is 0.35 priority, 0.25 what it unblocks, 0.20 value and 0.20 readiness', () => {
    const ranks = rankTasks(
      itemsOf([
        { id: 'T1', priority: 1, value: 5, acceptance: checked },
        { id: 'T2', priority: 5, value: 1, depends_on: ['T1'] },
        { id: 'T3', priority: 5, value: 1, depends_on: ['T2'] },
      ]),
    );
    expect(ranks).toEqual([
      { id: 'T1', score: 1, unblocks: 2, waitsFor: [] },
      { id: 'T2', score: 0.125, unblocks: 1, waitsFor: ['T1'] },
      { id: 'T3', score: 0, unblocks: 0, waitsFor: ['T2'] },
    ]);
  });

  test('of equals is the older', () =>
    expect(rankTasks(itemsOf([{ id: 'T10' }, { id: 'T2' }])).map(({ id }) => id)).toEqual(['T2', 'T10']));
});

test('next is only what waits for nothing', () =>
  expect(
    nextTasks(
      itemsOf([
        { id: 'T1', priority: 5 },
        { id: 'T2', priority: 1, depends_on: ['T1'] },
      ]),
    ),
  ).toEqual(['T1']));

test('a diamond is one dependent each, not two on the way', () => {
  const diamond = itemsOf([
    { id: 'T1' },
    { id: 'T2', depends_on: ['T1'] },
    { id: 'T3', depends_on: ['T1'] },
    { id: 'T4', depends_on: ['T2', 'T3'] },
  ]);
  expect(rankTasks(diamond).find(({ id }) => id === 'T1')?.unblocks).toBe(3);
});

test('a run has every task once, after all that it depends on', () => {
  const edges = fc.array(fc.array(fc.nat(19), { maxLength: 3 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(edges, fc.nat(20), (all, max) => {
      const tasks = all.map((to, i) => ({
        id: `T${i + 1}`,
        priority: (i % 5) + 1,
        depends_on: [...new Set(to)].filter((other) => other < i).map((other) => `T${other + 1}`),
      }));
      const order = tasksForRun(itemsOf(tasks), max);
      expect(order).toHaveLength(Math.min(max, tasks.length));
      for (const [place, id] of order.entries()) {
        const { depends_on = [] } = tasks.find((task) => task.id === id) ?? {};
        for (const other of depends_on) expect(order.slice(0, place)).toContain(other);
      }
    }),
  );
});
