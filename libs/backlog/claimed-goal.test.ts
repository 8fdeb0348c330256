import { describe, expect, test } from 'vitest';
import { Goal, TaskDraft } from '#contracts';
import { decompose, having } from './backlog.testing.ts';
import { claimedGoal } from './claimed-goal.ts';
import type { BacklogCommand } from './command.ts';

const WORKSPACE = '/srv/shop';

const goalOf = (...commands: readonly BacklogCommand[]) => {
  const { state } = having(...commands);
  const claim = state.claims.at(-1);
  if (!claim) throw new Error('nothing was claimed');
  return claimedGoal(claim, state, WORKSPACE);
};
const claim = (...tasks: readonly string[]): BacklogCommand => ({ do: 'claim', tasks, max: null });

describe('the goal of a claim', () => {
  const map = decompose([
    { id: 'T1', title: 'one', files: ['src/**'] },
    { id: 'T2', title: 'two', depends_on: ['T1'], description: 'After the first.' },
    { id: 'T3', title: 'three' },
  ]);

  test('has its tasks with what is known of them, and is a goal that intake takes', () => {
    const goal = goalOf(map, claim('T2'));
    expect(goal.tasks).toEqual([
      { id: 'T1', goal: 'one\n\nChanges only:\n- src/**', depends_on: [], files: ['src/**'] },
      { id: 'T2', goal: 'two\n\nAfter the first.', depends_on: ['T1'], files: [] },
    ]);
    expect(goal.goal).toBe('Work through the backlog: T1 one; T2 two');
    expect(Goal.safeParse(goal)).toMatchObject({ success: true });
  });

  test('names the claim, which is its key too: submitted twice it is one run', () => {
    const { backlog, key } = goalOf(map, claim('T3'));
    expect(backlog).toMatch(/^backlog_[0-9a-f]{12}\/run_1$/);
    expect(key).toBe(backlog);
  });

  test('waits for nothing that is done already', () => {
    const ended = {
      task: 'T1',
      child: 'orch_20260202_143052_a1b2c3d4e5f6',
      outcome: 'completed',
      reason: null,
    } as const;
    const followed = {
      orchestration: 'orch_20260202_143052_a1b2c3d4e5f7',
      run: 'run_1',
      drawn: null,
      tasks: [ended],
      ended: { reason: null },
    };
    const goal = goalOf(map, claim('T1'), { do: 'follow', followed }, claim('T2'));
    expect(goal.tasks).toMatchObject([{ id: 'T2', depends_on: [] }]);
  });

  test('has the commands that show when a task is done', () => {
    const acceptance = [{ criterion: 'it passes', verification: { type: 'command' as const, command: 'npm test' } }];
    const task = TaskDraft.parse({ title: 'one', acceptance });
    expect(goalOf({ do: 'add', task }, claim('T1')).tasks).toMatchObject([{ checks: ['npm test'] }]);
  });

  test('of many tasks names the first', () => {
    const tasks = Array.from({ length: 8 }, (_, n) => ({ id: `T${n + 1}`, title: `task ${n + 1}` }));
    expect(goalOf(decompose(tasks), { do: 'claim', tasks: null, max: null }).goal).toMatch(/; T5 task 5 and 3 more$/);
  });

  test('has the plan of a task that was planned before', () => {
    const plan = {
      id: 'bp_one',
      task_id: 'one',
      goal: 'one',
      acceptance_criteria: [],
      steps: [
        {
          id: 'step_1',
          name: 'do it',
          action: 'do it',
          success_criteria: [{ criterion: 'done', verification: { type: 'command', command: 'true' } }],
          depends_on: [],
        },
      ],
    };
    const task = TaskDraft.parse({ title: 'one', plan });
    expect(goalOf({ do: 'add', task }, claim('T1')).tasks[0]?.plan?.id).toBe('bp_one');
  });
});
