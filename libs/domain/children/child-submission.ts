import type { EventOf } from '#events';
import type { Child, Run } from '../run.ts';

type Submission = EventOf<'goal.submitted'>['data'];

/**
 * What is submitted for a task: its own goal, under all that its parent was started under. It has no tasks of its own,
 * and asks nobody about its route. The checks of the whole are left to the merged tree; its own are here.
 */
export const childSubmission = (
  { id, submission: parent }: Run,
  { task, bases, hint }: Pick<Child, 'task' | 'bases' | 'hint'>,
): Submission => ({
  goal: hint === null ? task.goal : `${task.goal}\n\n${hint}`,
  mode: 'implicit',
  confirm: false,
  trigger: parent.trigger,
  workspace: parent.workspace,
  // A commit to build on holds them already.
  includeDirty: parent.includeDirty && bases.length === 0,
  workflow: task.plan ? 'build_only' : 'plan_then_build',
  tasks: [],
  sequential: false,
  specification: null,
  plan: task.plan,
  planSource: task.plan && `task ${task.id}`,
  answers: parent.answers,
  attended: parent.attended,
  engine: parent.engine,
  checks: [...(task.checks ?? [])],
  priority: parent.priority,
  labels: parent.labels,
  budgetUsd: parent.budgetUsd,
  budgetTokens: parent.budgetTokens,
  backlog: null,
  driver: 'studio',
  parent: { orchestration: id, task: task.id },
  bases: [...bases],
  policy: parent.policy,
});
