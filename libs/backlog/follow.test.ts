import { describe, expect, test } from 'vitest';
import { fc } from '../../test/support/fast-check.ts';
import { decompose, having, mapOf } from './backlog.testing.ts';
import type { BacklogCommand, FollowedRun, FollowedTask } from './command.ts';

const PARENT = 'orch_20260202_143052_000000000000';
const child = (n: number) => `orch_20260202_143052_00000000000${n}`;
const followed = (run: Partial<FollowedRun>): BacklogCommand => ({
  do: 'follow',
  followed: { orchestration: PARENT, run: 'run_1', drawn: null, tasks: [], ended: null, ...run },
});
const at = (task: string, rest: Partial<FollowedTask> = {}): FollowedTask => ({
  task,
  child: null,
  outcome: null,
  reason: null,
  ...rest,
});
const chain = decompose([{ id: 'T1' }, { id: 'T2', depends_on: ['T1'] }]);
const claim: BacklogCommand = { do: 'claim', tasks: null, max: null };
const claimed = [chain, claim] as const;
const statuses = (...commands: readonly BacklogCommand[]) =>
  having(...commands).state.items.map(({ status }) => status);

describe('a backlog follows the run that has its tasks', () => {
  test('a task is running when its child has begun', () =>
    expect(having(...claimed, followed({ tasks: [at('T1', { child: child(1) }), at('T2')] })).events).toEqual([
      { type: 'run.started', v: 1, data: { run: 'run_1', orchestration: PARENT } },
      { type: 'task.started', v: 1, data: { task: 'T1', orchestration: child(1) } },
    ]));

  test.each([
    ['completed', 'done'],
    ['failed', 'failed'],
    ['halted', 'failed'],
    ['aborted', 'open'],
    ['skipped', 'open'],
  ] as const)('one that is %s is %s', (outcome, status) =>
    expect(statuses(...claimed, followed({ tasks: [at('T1', { child: child(1), outcome })] }))[0]).toBe(status),
  );

  test('told again it stores nothing, told the end of a task that was never seen to begin it stores both', () => {
    const end = followed({ tasks: [at('T1', { child: child(1), outcome: 'completed' })], ended: { reason: null } });
    expect(having(...claimed, end).events.map(({ type }) => type)).toEqual([
      'run.started',
      'task.started',
      'task.ended',
      'run.ended',
    ]);
    expect(having(...claimed, end, end).events).toEqual([]);
  });

  test('a task that is done again on the merged tree is running again', () => {
    const first = followed({ tasks: [at('T1', { child: child(1), outcome: 'completed' })] });
    expect(statuses(...claimed, first, followed({ tasks: [at('T1', { child: child(2) })] }))[0]).toBe('running');
  });

  test('what the run never began is open when it ends', () =>
    expect(statuses(...claimed, followed({ ended: { reason: 'aborted' } }))).toEqual(['open', 'open']));

  test('a task that somebody reopened is not that run’s any more', () => {
    const failed = followed({ tasks: [at('T1', { child: child(1), outcome: 'failed' })] });
    expect(having(...claimed, failed, { do: 'reopen', task: 'T1' }, failed).events).toEqual([]);
  });

  test('a run that no claim is for changes nothing', () =>
    expect(having(chain, followed({ run: 'run_7', tasks: [at('T1', { child: child(1) })] })).events).toEqual([]));
});

describe('a run that draws a map', () => {
  const drawn = { map: mapOf([{ id: 'T1', title: 'drawn' }]), source: 'recipe x' };

  test('leaves it in the backlog', () =>
    expect(having(chain, followed({ run: null, drawn })).events).toMatchObject([
      { type: 'backlog.decomposed', data: { orchestration: PARENT, tasks: [{ id: 'T3' }] } },
    ]));

  test('and goes on to build it has these tasks, under the ids that they have here', () => {
    const begun = followed({ run: null, drawn, tasks: [at('T1', { child: child(1) })] });
    expect(having(chain, begun).events.map(({ type }) => type)).toEqual([
      'backlog.decomposed',
      'run.claimed',
      'run.started',
      'task.started',
    ]);
    const done = followed({ run: null, drawn, tasks: [at('T1', { child: child(1), outcome: 'completed' })] });
    expect(statuses(chain, begun, done)).toEqual(['open', 'open', 'done']);
  });
});

test('however often and late a run is told, the backlog comes to the same', () => {
  const story = [
    followed({ tasks: [at('T1', { child: child(1) }), at('T2')] }),
    followed({ tasks: [at('T1', { child: child(1), outcome: 'completed' }), at('T2')] }),
    followed({ tasks: [at('T1', { child: child(1), outcome: 'completed' }), at('T2', { child: child(2) })] }),
    followed({
      tasks: [
        at('T1', { child: child(1), outcome: 'completed' }),
        at('T2', { child: child(2), outcome: 'failed', reason: 'red' }),
      ],
      ended: { reason: 'one failed' },
    }),
  ];
  const last = story.at(-1) ?? claim;
  const items = having(...claimed, ...story).state.items;
  fc.assert(
    fc.property(fc.subarray([0, 1, 2, 3, 0, 1, 2, 3]), (told) => {
      const heard = told.toSorted((a, b) => a - b).flatMap((i) => story[i] ?? []);
      expect(having(...claimed, ...heard, last).state.items).toEqual(items);
    }),
  );
});
