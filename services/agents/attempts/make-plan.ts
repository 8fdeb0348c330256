import { type Plan, PlanFailure } from '#contracts';
import { isSamePlan, type Live, type QuestionRound, scorePlan, validatePlan, verdict } from '#domain';
import type { PlanOutcome } from '#engines';
import type { Attempt } from './attempt.ts';
import { assumptionsIn, unaskedIn, withConfirmations } from './confirmations.ts';
import type { Desk } from './desk.ts';
import { AttemptFailed, engineFailed } from './errors.ts';
import { planAfterQuestions } from './question-loop.ts';

/** What the builder handed back, with the plan that it could not carry out. */
const failureOf = ({ replan, plan, handoffs }: Live): PlanFailure | null => {
  if (!replan) return null;
  const context = handoffs.findLast(({ from, to }) => from === 'builder' && to === 'planner')?.context;
  return PlanFailure.safeParse({ ...context, plan: plan?.plan }).data ?? null;
};

const askForPlan = async (attempt: Attempt, desk: Desk, round: QuestionRound | null): Promise<PlanOutcome> => {
  const run = attempt.run();
  return desk.engineFor('plan').plan(
    {
      kind: 'plan',
      goal: run.submission.goal,
      taskId: `task_${attempt.id.slice('orch_'.length)}`,
      skills: run.route?.skills ?? [],
      hint: attempt.invocation().hint,
      failure: failureOf(run),
      round,
      answers: run.answers,
    },
    await desk.contextFor('plan'),
  );
};

const sameAsBefore = ({ replan, plan: before }: Live, plan: Plan): readonly string[] =>
  replan && before && isSamePlan(before.plan, plan)
    ? [`this is the plan that failed before, step for step: ${replan.error.split('\n', 1)[0]}`]
    : [];

type Planned = Pick<Extract<PlanOutcome, { outcome: 'planned' }>, 'plan' | 'source' | 'cautions'>;

/** @throws {AttemptFailed} no engine can plan this, or the plan is not valid */
const drawUp = async (attempt: Attempt, desk: Desk, asks: boolean): Promise<Planned> => {
  const outcome = await planAfterQuestions(attempt, asks, (round) => askForPlan(attempt, desk, round));
  if (outcome.outcome !== 'planned') throw engineFailed(outcome);
  const { source, cautions } = outcome;
  const problems = validatePlan(outcome.plan);
  if (problems.length > 0)
    throw new AttemptFailed('code_error', `the plan of ${source} is not valid: ${problems.join('; ')}`);
  const { answers, submission } = attempt.run();
  const told = new Set([...cautions, ...assumptionsIn(answers), ...unaskedIn(answers, submission)]);
  return { plan: withConfirmations(outcome.plan, answers), source, cautions: [...told] };
};

/**
 * Has an engine plan the goal, and notes the plan with its score for the next report. A plan that a person accepted, or that came with
 * the goal, stays as it is, until it failed for good.
 * @param asks whether the engine may ask people first: it is the turn of a planner
 * @param browser whether pages can be checked where the plan is carried out
 * @throws {LeaseEnded} people are asked
 * @throws {AttemptFailed} no engine can plan this, the plan is not valid, or its score asks for a person
 */
export const ensurePlan = async (
  attempt: Attempt,
  desk: Desk,
  { asks = false, browser }: { readonly asks?: boolean; readonly browser: boolean },
): Promise<Plan> => {
  const run = attempt.run();
  if (run.plan && run.planAccepted && !run.replan) return run.plan.plan;
  const { plan, source, ...told } = await drawUp(attempt, desk, asks);
  const { confidence, cautions } = scorePlan(plan, { browser });
  const all = [...cautions, ...told.cautions, ...sameAsBefore(run, plan)];
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
