import { type Failure, presentFailures, type Run } from '../run.ts';

const isCounted = ({ recovery }: Failure): boolean => recovery?.counted !== false;

/** Failures of the same thing in the same attempt, this one included. A window that was waited out is none. */
export const triesOf = (run: Run, failure: Failure): number =>
  presentFailures(run).filter(
    (other) =>
      other.role === failure.role &&
      other.attempt === failure.attempt &&
      other.step === failure.step &&
      other.gate === failure.gate &&
      // What a provider does is no try of the work, and the other way round.
      (other.provider === null) === (failure.provider === null) &&
      isCounted(other),
  ).length;

/** Windows that were waited out for the same thing just before this failure, with nothing done in between. */
export const windowsBefore = (run: Run, failure: Failure): number => {
  const before = presentFailures(run).filter((other) => other !== failure);
  const other = before.findLastIndex(
    ({ recovery, role, step, gate, progress }) =>
      recovery?.counted !== false ||
      role !== failure.role ||
      step !== failure.step ||
      gate !== failure.gate ||
      progress !== failure.progress,
  );
  return before.length - 1 - other;
};

export const limitOf = (run: Run, failure: Failure): number => {
  const { stepTries, gateTries } = run.submission.policy;
  if (failure.step === null) return gateTries;
  const step = run.plan?.plan.steps.find(({ id }) => id === failure.step);
  return step?.retry_behavior?.max_attempts ?? stepTries;
};

/**
 * The failures that led to this one with no person in between: what a person answered, or skipped, changed what is tried.
 * A plan that was made anew is only a hope of that, so what came before it counts.
 */
const sinceSomebodyWasAsked = (run: Run, { role }: Failure): readonly Failure[] => {
  const failures = presentFailures(run).filter((failure) => failure.role === role);
  return failures.slice(failures.findLastIndex(({ asked }) => asked) + 1);
};

/** A fault that a pattern knows to pass by itself repeats by its nature: its tries are counted, and its waits grow. */
const passesByItself = ({ category, pattern, provider }: Failure): boolean =>
  provider !== null || (category === 'transient' && pattern !== null);

/** How often this failure came with the same files and the same checks passed; 0 where that is not known. */
export const repetitionsOf = (run: Run, failure: Failure): number =>
  failure.progress === null || passesByItself(failure)
    ? 0
    : sinceSomebodyWasAsked(run, failure).filter(
        (other) => other.fingerprint === failure.fingerprint && other.progress === failure.progress && isCounted(other),
      ).length;
