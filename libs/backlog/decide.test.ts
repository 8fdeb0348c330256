import { describe, expect, test } from 'vitest';
import type { BacklogChange } from '#contracts';
import { TaskDraft } from '#contracts';
import { decompose, having, mapOf } from './backlog.testing.ts';
import type { BacklogCommand } from './command.ts';

const draft = (task: Partial<TaskDraft>) => TaskDraft.parse({ title: 'more', ...task });
const add = (task: Partial<TaskDraft>): BacklogCommand => ({ do: 'add', task: draft(task) });
const claimAll: BacklogCommand = { do: 'claim', tasks: null, max: null };
const statuses = (...commands: readonly BacklogCommand[]) =>
  Object.fromEntries(having(...commands).state.items.map(({ id, status }) => [id, status]));
const rejects = (code: string, ...commands: readonly BacklogCommand[]) =>
  expect(() => having(...commands)).toThrow(expect.objectContaining({ code }));

describe('taking a map in', () => {
  const auth = decompose(
    [
      { id: 'T1', feature: 'F1' },
      { id: 'T2', depends_on: ['T1'] },
    ],
    {
      epics: [{ id: 'E1', title: 'Accounts' }],
      features: [{ id: 'F1', epic: 'E1', title: 'Sign in' }],
    },
  );

  test('keeps its ids where they are free', () =>
    expect(having(auth).events).toMatchObject([
      { type: 'backlog.decomposed', data: { ids: { E1: 'E1', F1: 'F1', T1: 'T1', T2: 'T2' } } },
    ]));

  test('gives new ids where they are not, and follows them through every reference', () => {
    const other = decompose(
      [
        { id: 'T1', title: 'one' },
        { id: 'T9', title: 'nine', feature: 'F1', depends_on: ['T1'] },
      ],
      {
        features: [{ id: 'F1', title: 'Reports' }],
      },
    );
    expect(having(auth, other).events).toMatchObject([
      {
        data: {
          features: [{ id: 'F2', epic: null }],
          tasks: [{ id: 'T10' }, { id: 'T9', feature: 'F2', depends_on: ['T10'] }],
        },
      },
    ]);
  });

  test('again changes nothing', () => expect(having(auth, auth).events).toEqual([]));

  test('again with more brings only what is new or said anew, tied to what was known', () => {
    const more = decompose([
      { id: 'T1', title: 'do T2' },
      { id: 'T2', title: 'new', depends_on: ['T1'] },
    ]);
    expect(having(auth, more).events).toMatchObject([
      {
        data: {
          tasks: [
            { id: 'T3', title: 'new', depends_on: ['T2'] },
            { id: 'T2', depends_on: [] },
          ],
        },
      },
    ]);
  });

  test('again with something else said of a task has that, but for what was changed by hand, runs or is done', () => {
    const said = (priority: number, effort: 'S' | 'M' | 'L') => decompose([{ id: 'T1', priority, effort }]);
    const priorityAndEffort = (...commands: readonly BacklogCommand[]) =>
      having(...commands).state.items.map(({ priority, effort }) => [priority, effort]);
    const byHand = { do: 'edit', task: 'T1', changes: { priority: 1 } } as const;
    expect(priorityAndEffort(said(3, 'M'), said(4, 'L'))).toEqual([[4, 'L']]);
    expect(priorityAndEffort(said(3, 'M'), said(4, 'M'), byHand, said(5, 'L'), said(2, 'S'))).toEqual([[1, 'S']]);
    expect(having(said(3, 'M'), byHand, said(3, 'M')).events).toEqual([]);
    expect(priorityAndEffort(said(3, 'M'), claimAll, said(4, 'L'))).toEqual([[3, 'M']]);
  });

  test('that makes a circle with what was changed by hand is refused', () =>
    rejects(
      'rule.backlog.unfit_map',
      decompose([{ id: 'T1' }, { id: 'T2' }]),
      { do: 'edit', task: 'T1', changes: { depends_on: ['T2'] } },
      decompose([{ id: 'T1' }, { id: 'T2', depends_on: ['T1'] }]),
    ));

  test('that one run drew twice is taken in once', () => {
    const drawn = { do: 'decompose', map: mapOf([{ id: 'T1' }]), source: 's', orchestration: 'orch_1' } as const;
    expect(having(drawn, { ...drawn, map: mapOf([{ id: 'T7', title: 'late' }]) }).events).toEqual([]);
  });

  test('that cannot run is refused', () =>
    rejects('rule.backlog.unfit_map', decompose([{ id: 'T1', effort: 'XL', depends_on: ['T2'] }])));
});

describe('people change a backlog', () => {
  const two = decompose([{ id: 'T1' }, { id: 'T2', depends_on: ['T1'] }]);

  test('a task is added under the next id', () =>
    expect(having(two, add({ depends_on: ['T2'] })).events).toMatchObject([{ data: { task: { id: 'T3' } } }]));
  test('the id of a removed task is not used again', () =>
    expect(having(two, { do: 'remove', task: 'T2' }, add({})).events).toMatchObject([
      { data: { task: { id: 'T3' } } },
    ]));
  test('an edit stores what is different', () =>
    expect(having(two, { do: 'edit', task: 'T1', changes: { priority: 1 } }).events).toEqual([
      { type: 'task.edited', v: 3, data: { task: 'T1', changes: { priority: 1 } } },
    ]));
  test('an edit that changes nothing stores nothing', () =>
    expect(having(two, { do: 'edit', task: 'T1', changes: { priority: 3 } }).events).toEqual([]));
  test.each<[string, string, BacklogChange]>([
    ['a dependency that closes a circle', 'unfit_task', { do: 'edit', task: 'T1', changes: { depends_on: ['T2'] } }],
    ['a dependency on nothing known', 'unfit_task', { do: 'add', task: draft({ depends_on: ['T9'] }) }],
    ['a feature that is not known', 'unfit_task', { do: 'add', task: draft({ feature: 'F9' }) }],
    ['a task that is too large', 'unfit_task', { do: 'edit', task: 'T1', changes: { effort: 'XL' } }],
    ['to remove what others need', 'task_needed', { do: 'remove', task: 'T1' }],
    ['to edit what is not there', 'unknown_task', { do: 'edit', task: 'T9', changes: {} }],
  ])('%s is refused', (_, rule, change) => {
    if (change.do === 'import') throw new Error('not a command');
    rejects(`rule.backlog.${rule}`, two, change);
  });
  test.each<BacklogCommand>([
    { do: 'edit', task: 'T1', changes: { priority: 1 } },
    { do: 'remove', task: 'T1' },
    { do: 'reopen', task: 'T1' },
  ])('a task that a run has is left alone: $do', (command) =>
    rejects('rule.backlog.task_running', two, claimAll, command),
  );
});

describe('a run', () => {
  const chain = decompose([{ id: 'T1' }, { id: 'T2', depends_on: ['T1'] }, { id: 'T3', priority: 1 }]);

  test('takes every open task in an order in which they can be done', () =>
    expect(having(chain, claimAll).events).toEqual([
      { type: 'run.claimed', v: 1, data: { run: 'run_1', tasks: ['T1', 'T3', 'T2'] } },
    ]));
  test('takes no more than it is told', () =>
    expect(statuses(chain, { do: 'claim', tasks: null, max: 2 })).toEqual({ T1: 'taken', T2: 'open', T3: 'taken' }));
  test('of named tasks takes what they wait for too', () =>
    expect(statuses(chain, { do: 'claim', tasks: ['T2'], max: null })).toEqual({
      T1: 'taken',
      T2: 'taken',
      T3: 'open',
    }));
  test('leaves to another run what that has', () => {
    rejects('rule.backlog.nothing_to_run', chain, claimAll, claimAll);
    rejects('rule.backlog.cannot_run', chain, claimAll, { do: 'claim', tasks: ['T2'], max: null });
  });
  test('of nothing is refused', () => rejects('rule.backlog.empty', claimAll));
  test('that is given up leaves its tasks open', () =>
    expect(statuses(chain, claimAll, { do: 'finish', run: 'run_1', reason: null })).toEqual({
      T1: 'open',
      T2: 'open',
      T3: 'open',
    }));
});
