import { RuleViolation } from '#contracts';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { validatePlan } from '../plan/validate.ts';
import { hasChildren } from '../routing/route-fact.ts';
import type { Ended, Live } from '../run.ts';
import { superseded } from './rewind.ts';

/**
 * Parts from the run that this state was copied from: what was in flight there is ordered anew here.
 * @throws {RuleViolation} the changes do not fit this run
 */
export const fork = (run: Live | Ended, { type: _type, ...origin }: CommandOf<'fork'>): Decision => {
  const { plan } = origin.changes;
  const problems = plan ? validatePlan(plan) : [];
  if (problems.length > 0) throw new RuleViolation('fork.plan', `this plan cannot be run: ${problems.join('; ')}`);
  if (plan && run.route && hasChildren(run.route.workflow))
    throw new RuleViolation(
      'fork.plan',
      `${origin.from} is a run of tasks (${run.route.workflow}), each with a plan of its own: fork the task`,
    );
  return [...superseded(run), fact('orchestration.forked', origin)];
};
