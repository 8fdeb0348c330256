import type { Plan, Verification } from '#contracts';
import { isRisky } from './risky.ts';
import { validatePlan } from './validate.ts';

export interface PlanScore {
  /** 0 to 100. */
  readonly confidence: number;
  /** What took points off, in words, the heaviest first. */
  readonly cautions: readonly string[];
}

/** ≥ 80 `go`, 60–79 `caution`, 40–59 `ask`, below that `block`. */
export type Verdict = 'go' | 'caution' | 'ask' | 'block';

export const verdict = (confidence: number): Verdict => {
  if (confidence >= 80) return 'go';
  if (confidence >= 60) return 'caution';
  return confidence >= 40 ? 'ask' : 'block';
};

/** What there is where the plan is carried out. */
export interface Machine {
  readonly browser: boolean;
}

interface Weakness {
  readonly points: number;
  readonly caution: string;
}

const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** Present means little: a file can be there and be wrong. */
const isWeak = ({ type }: Verification): boolean => type === 'file_exists';

/** Each weakness with the points it costs. A share costs in proportion: one weak step of ten costs a tenth. */
const weaknesses = (plan: Plan, { browser }: Machine): readonly (Weakness | null)[] => {
  const { steps, acceptance_criteria: criteria, gathered_requirements: gathered } = plan;
  const share = (some: readonly unknown[], points: number) => Math.ceil((some.length / steps.length) * points);
  const weakSteps = steps.filter(({ success_criteria }) =>
    success_criteria.every(({ verification }) => isWeak(verification)),
  );
  const musts = criteria.filter(({ priority }) => priority === 'must');
  const risky = steps.filter(isRisky);
  const unmarked = risky.filter(({ critical, risky: marked }) => !marked && !critical);
  const verifications = [...steps.flatMap(({ success_criteria }) => success_criteria), ...criteria];
  const unseen = browser ? [] : verifications.filter(({ verification }) => verification.type === 'browser');
  const when = (condition: boolean, points: number, caution: string) => (condition ? { points, caution } : null);

  return [
    when(musts.length === 0, 15, 'no acceptance criterion must pass: only the steps are checked'),
    when(
      weakSteps.length > 0,
      share(weakSteps, 20),
      `${count(weakSteps.length, 'step')} checked only by a file being there`,
    ),
    when(
      unseen.length > 0,
      Math.min(20, unseen.length * 5),
      `${count(unseen.length, 'check')} in a browser, and there is none here`,
    ),
    when(Object.values(plan.quality_gates).includes(false), 5, 'a quality gate is switched off'),
    when(
      unmarked.length > 0,
      share(unmarked, 10),
      `${count(unmarked.length, 'step')} deletes files or changes dependencies without being marked risky`,
    ),
    when(steps.length > 50, 10, `${count(steps.length, 'step')}: long plans drift, consider several tasks`),
    when(gathered !== undefined && gathered.scope.included.length === 0, 5, 'the scope does not say what is included'),
  ];
};

/** How far a plan can be trusted: 100, less the points of every weakness; 0 when it cannot run at all. */
export const scorePlan = (plan: Plan, machine: Machine): PlanScore => {
  const problems = validatePlan(plan);
  if (problems.length > 0) return { confidence: 0, cautions: problems };
  const found = weaknesses(plan, machine)
    .filter((weakness) => weakness !== null)
    .toSorted((a, b) => b.points - a.points);
  const lost = found.reduce((sum, { points }) => sum + points, 0);
  return { confidence: Math.max(0, 100 - lost), cautions: found.map(({ caution }) => caution) };
};
