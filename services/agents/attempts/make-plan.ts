import type { Plan } from '#contracts';
import { scorePlan, validatePlan, verdict } from '#domain';
import type { Attempt } from './attempt.ts';
import type { Desk } from './desk.ts';
import { AttemptFailed } from './errors.ts';

/**
 * Has an engine plan the goal, and notes the plan with its score for the next report. A plan that a person accepted, or that came with
 * the goal, stays as it is.
 * @throws {AttemptFailed} no engine can plan this, the plan is not valid, or its score asks for a person
 */
export const ensurePlan = async (attempt: Attempt, desk: Desk): Promise<Plan> => {
  const run = attempt.run();
  if (run.plan && run.planAccepted) return run.plan.plan;
  const engine = desk.engineFor('plan');
  const outcome = await engine.plan(
    {
      kind: 'plan',
      goal: run.submission.goal,
      taskId: `task_${attempt.id.slice('orch_'.length)}`,
      skills: run.route?.skills ?? [],
      hint: attempt.invocation().hint,
    },
    await desk.contextFor('plan'),
  );
  if (outcome.outcome === 'cannot') throw new AttemptFailed('blocker', outcome.reason, outcome.unblock);
  if (outcome.outcome === 'failed') throw new AttemptFailed(outcome.category ?? 'code_error', outcome.error);

  const { plan, source } = outcome;
  const problems = validatePlan(plan);
  if (problems.length > 0)
    throw new AttemptFailed('code_error', `the plan of ${source} is not valid: ${problems.join('; ')}`);
  const { confidence, cautions } = scorePlan(plan);
  const all = [...cautions, ...outcome.cautions];
  const created = { fact: 'plan.created', data: { plan, source, confidence, cautions: all } } as const;
  if (['go', 'caution'].includes(verdict(confidence))) {
    attempt.note(created);
    return plan;
  }
  await attempt.report(created);
  throw new AttemptFailed(
    'blocker',
    `the plan of ${source} scored ${confidence} of 100: ${all.join('; ')}`,
    'say what to plan differently, or accept the plan where that is offered',
  );
};
