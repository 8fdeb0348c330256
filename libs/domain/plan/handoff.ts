import type { BuildHandoff, Plan } from '#contracts';
import { topologicalOrder } from './dag.ts';

/** A title with the count, then the numbered step names in the order they will run. */
export const planSummary = (plan: Plan): string => {
  const steps = topologicalOrder(plan);
  const title = `${steps.length} ${steps.length === 1 ? 'step' : 'steps'} to do: ${firstLine(plan.goal)}`;
  return [title, ...steps.map(({ name }, index) => `${index + 1}. ${name}`)].join('\n');
};

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text;

/** What the planner hands to the builder. The plan itself is in the log; this says which and why. */
export const buildHandoff = (plan: Plan, learnings: readonly string[] = []): BuildHandoff => ({
  task_id: plan.task_id,
  plan_id: plan.id,
  plan_summary: planSummary(plan),
  learnings_loaded: [...learnings],
  requirements_summary: {
    scope_in: plan.gathered_requirements?.scope.included ?? [plan.goal],
    scope_out: plan.gathered_requirements?.scope.excluded ?? [],
  },
});
