import type { Plan } from '#contracts';
import type { Recorded } from '#events';

/** The part of a run in which a plan was in force, from the fact that brought it. */
export interface PlanPeriod {
  readonly plan: Plan;
  readonly events: readonly Recorded[];
}

const planBroughtBy = (event: Recorded): Plan | null => {
  switch (event.type) {
    case 'goal.submitted':
    case 'plan.created':
      return event.data.plan;
    case 'orchestration.forked':
      return event.data.changes.plan ?? null;
    default:
      return null;
  }
};

/** The plans of a run, oldest first, each with what happened until the next one. */
export const planPeriods = (events: Iterable<Recorded>): readonly PlanPeriod[] => {
  const periods: { readonly plan: Plan; readonly events: Recorded[] }[] = [];
  for (const event of events) {
    const plan = planBroughtBy(event);
    if (plan) periods.push({ plan, events: [] });
    periods.at(-1)?.events.push(event);
  }
  return periods;
};
