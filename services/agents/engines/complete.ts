import { createHash } from 'node:crypto';
import { type MapDraft, Plan, type PlanDraft, type ProjectMap } from '#contracts';
import { taskGoal } from '#domain';

/** What Studio knows already is filled in; the task and the goal are always those that were asked for. */
export const completePlan = (
  draft: PlanDraft,
  { goal, taskId }: { readonly goal: string; readonly taskId: string },
): Plan => {
  const digest = createHash('sha256')
    .update(JSON.stringify([goal, taskId, draft]))
    .digest('hex');
  return Plan.parse({ id: `bp_${digest.slice(0, 12)}`, ...draft, task_id: taskId, goal });
};

/** The plan of a task is for the goal that the task will be submitted with. */
export const completeMap = ({ tasks, ...map }: MapDraft): ProjectMap => ({
  ...map,
  tasks: tasks.map(({ plan, ...task }) => ({
    ...task,
    plan: plan && completePlan(plan, { goal: taskGoal({ ...task, plan: null }), taskId: task.id }),
  })),
});
