import type { Context } from '../context.ts';
import { verdict } from '../plan/score.ts';
import { failedForGood } from '../recovery/decision.ts';
import { currentInvocation, type Failure, lastFailure, type Run } from '../run.ts';
import { deadlineAfter, type Option, type Question } from './opening.ts';

const isCritical = (run: Run, step: string | null): boolean =>
  run.plan?.plan.steps.find(({ id }) => id === step)?.critical === true;

/** Where no other plan is made, the one that failed can be tried again: what it met may have gone away. */
const canKeepPlan = (run: Run): boolean =>
  run.replan !== null && run.planAccepted && currentInvocation(run)?.role === 'planner';

/** Retry is always offered; the plan as it is, where only its score stopped it; skip, for steps that are not critical. */
const escalationOptions = (run: Run, failure: Failure): readonly Option[] => {
  const acceptable = run.plan !== null && !run.planAccepted && verdict(run.plan.confidence) === 'ask';
  const skippable = failure.step !== null && !isCritical(run, failure.step);
  return [
    ...(acceptable ? [{ key: 'y', label: 'go on with this plan' }] : []),
    { key: 'r', label: 'retry; say what to do differently' },
    ...(canKeepPlan(run) ? [{ key: 'k', label: 'keep the plan that failed and try it again' }] : []),
    ...(skippable ? [{ key: 's', label: `skip ${failure.step}, which is not critical` }] : []),
    { key: 'a', label: 'abort; the branch is kept, the plan is shown' },
  ];
};

const headline = (run: Run, failure: Failure, reason: string): string => {
  const where = failure.step ?? failure.gate ?? failure.role;
  if (failure.category === 'blocker') return `The ${failure.role} cannot go on (${where}).`;
  return reason === failedForGood(run, failure) ? `${reason}.` : `The ${failure.role} failed at ${where}: ${reason}.`;
};

const promptOf = (run: Run, failure: Failure, reason: string): string => {
  const { category, error, unblock, pattern } = failure;
  const lines = [
    headline(run, failure, reason),
    `Last error: ${error}`,
    ...(unblock
      ? [`${category === 'blocker' || pattern === null ? 'What would unblock it' : 'What may help'}: ${unblock}`]
      : []),
    ...(canKeepPlan(run) ? [`A new plan was wanted, because this failed: ${run.replan?.error}`] : []),
  ];
  return lines.join('\n');
};

export const escalation = (run: Run, context: Context): Question | null => {
  const failure = lastFailure(run);
  if (failure?.recovery?.action !== 'escalate' || failure.asked) return null;
  const part = failure.step ?? failure.gate;
  const { decisionMs } = run.submission.policy;
  return {
    kind: 'escalation',
    prompt: promptOf(run, failure, failure.recovery.reason),
    options: escalationOptions(run, failure),
    deadline: deadlineAfter(decisionMs, context),
    // A run of before there were deadlines is asked as it was then.
    about: decisionMs > 0 ? part : null,
  };
};
