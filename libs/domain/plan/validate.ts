import type { Plan, Verification } from '#contracts';
import { browserProblems } from './browser-check.ts';
import { findCycle } from './dag.ts';
import { operationProblems } from './operations.ts';

const repeated = (values: readonly string[]): readonly string[] => {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const value of values) (seen.has(value) ? twice : seen).add(value);
  return [...twice];
};

const dependencyProblems = ({ steps }: Plan): string[] => {
  const known = new Set(steps.map(({ id }) => id));
  return steps.flatMap(({ id, depends_on }) =>
    [...new Set(depends_on)].flatMap((other) => {
      if (other === id) return [`step ${id} depends on itself`];
      return known.has(other) ? [] : [`step ${id} depends on ${other}, which is not a step of this plan`];
    }),
  );
};

const cycleProblems = (plan: Plan): string[] => {
  const cycle = findCycle(plan);
  return cycle ? [`steps depend on each other in a cycle: ${cycle.join(' → ')}`] : [];
};

const verificationProblems = (verification: Verification): readonly string[] => {
  switch (verification.type) {
    case 'file_contains':
      return isPattern(verification.pattern) ? [] : [`"${verification.pattern}" is not a regular expression`];
    case 'browser':
      return browserProblems(verification);
    case 'command':
    case 'test_passes':
    case 'file_exists':
      return [];
  }
};

const checkProblems = (plan: Plan): string[] => {
  const checks = [
    ...plan.steps.flatMap(({ id, success_criteria }) =>
      success_criteria.map(({ verification }) => ({ at: `step ${id}`, verification })),
    ),
    ...plan.acceptance_criteria.map(({ id, verification }) => ({ at: `criterion ${id}`, verification })),
  ];
  return checks.flatMap(({ at, verification }) =>
    verificationProblems(verification).map((problem) => `${at}: ${problem}`),
  );
};

const isPattern = (source: string): boolean => {
  try {
    new RegExp(source, 'm');
    return true;
  } catch {
    return false;
  }
};

const gateProblems = ({ quality_gates }: Plan): string[] =>
  Object.entries(quality_gates).flatMap(([gate, planned]) =>
    typeof planned === 'string' && planned.trim() === ''
      ? [`gate ${gate} has an empty command: name one, or use true for the repository's own, false for none`]
      : [],
  );

/** Everything that makes a plan unfit to run, in words; `[]` when it can. What only weakens it is `scorePlan`'s to say. */
export const validatePlan = (plan: Plan): readonly string[] => [
  ...repeated(plan.steps.map(({ id }) => id)).map((id) => `more than one step is called ${id}`),
  ...dependencyProblems(plan),
  ...cycleProblems(plan),
  ...plan.steps
    .filter(({ success_criteria }) => success_criteria.length === 0)
    .map(({ id }) => `step ${id} has no success criterion: say how to check that it is done`),
  ...plan.steps.flatMap(operationProblems),
  ...repeated(plan.acceptance_criteria.map(({ id }) => id)).map(
    (id) => `more than one acceptance criterion is called ${id}`,
  ),
  ...checkProblems(plan),
  ...gateProblems(plan),
];
