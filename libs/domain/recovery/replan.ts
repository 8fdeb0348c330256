import { isDeepStrictEqual } from 'node:util';
import type { Plan, PlanStep } from '#contracts';
import { newInvocation } from '../agents/invocation.ts';
import { changeInvocation } from '../copy.ts';
import { currentInvocation, type Invocation, type Run, type Step } from '../run.ts';

/** A planner for a workflow that had none. Its number is new; its place is before the builder that failed. */
const newPlanner = ({ invocations }: Run): Invocation =>
  newInvocation(Math.max(0, ...invocations.map(({ number }) => number)) + 1, 'planner');

const AGAIN = { status: 'pending', dispatch: null, notBefore: null, hint: null, lease: null, leases: 0 } as const;

/** The builder waits again, and the planner before it has the turn: the one that was there, or a new one. */
export const planFirst = (run: Run, error: string): readonly Invocation[] => {
  const current = currentInvocation(run);
  if (!current) return run.invocations;
  const at = run.invocations.indexOf(current);
  const before = run.invocations.slice(0, at);
  const planner = before.findLastIndex(({ role }) => role === 'planner');
  const planned = before.map((invocation, index) =>
    index === planner
      ? changeInvocation(invocation, { ...AGAIN, completedAt: null, output: null, error: null })
      : invocation,
  );
  return [
    ...planned,
    ...(planner < 0 ? [newPlanner(run)] : []),
    changeInvocation(current, { ...AGAIN, error }),
    ...run.invocations.slice(at + 1),
  ];
};

const workOf = ({ id, action, operations, success_criteria }: PlanStep) => ({
  id,
  action,
  operations,
  success_criteria,
});

/** The same work under the same checks; names and hints may differ. */
const isSameStep = (one: PlanStep, other: PlanStep): boolean => isDeepStrictEqual(workOf(one), workOf(other));

/** A plan that would do again exactly what failed. */
export const isSamePlan = (one: Plan, other: Plan): boolean =>
  one.steps.length === other.steps.length &&
  one.steps.every((step, index) => {
    const same = other.steps[index];
    return same !== undefined && isSameStep(step, same) && isDeepStrictEqual(step.depends_on, same.depends_on);
  });

/** Steps that were done under the plan before and are the same in this one stay done: their work is in the branch. */
export const carriedOver = (run: Run, plan: Plan, pending: readonly Step[]): readonly Step[] =>
  pending.map((step) => {
    const done = run.steps.find(({ id, status }) => id === step.id && (status === 'completed' || status === 'skipped'));
    const before = run.plan?.plan.steps.find(({ id }) => id === step.id);
    const now = plan.steps.find(({ id }) => id === step.id);
    return done && before && now && isSameStep(before, now) ? done : step;
  });
