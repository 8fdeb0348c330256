import { classify, type Failure, type Live, windowEnd } from '#domain';
import type { RecordedOf } from '#events';
import type { Alternative } from './policy.ts';

/** What an error is taken for. */
export type Verdict = Pick<Failure, 'category' | 'pattern' | 'unblock' | 'until'>;

type FailureEvent = RecordedOf<'failure.recorded'>;

const isOwn = (pattern: string | null): boolean => pattern?.startsWith('own.') ?? false;

/**
 * Whether the text decided. What whoever failed said of itself (a guard, an engine, an exit code, a time limit) no pattern
 * overrules; a `code_error` without a pattern is what is left when nothing else was known.
 */
const wasReadFromText = ({ data: { category, pattern } }: FailureEvent): boolean =>
  pattern !== null || category === 'code_error';

/**
 * What an error would have been taken for: the team's own patterns are asked first, and one that they no longer know is
 * asked of the built-in ones.
 * @returns `null` where it stays what it was
 */
export const reclassify = (event: FailureEvent, { patterns }: Alternative): Verdict | null => {
  if (patterns === null || !wasReadFromText(event)) return null;
  const { error, pattern } = event.data;
  const facts = { error, exitCode: null, timedOut: false };
  const own = classify(facts, patterns.own);
  if (own.patternId === null && !isOwn(pattern)) return null;
  const found = own.patternId === null ? classify(facts, patterns.builtIn) : own;
  return {
    category: found.category,
    pattern: found.patternId,
    unblock: found.category === 'transient' ? null : found.hint,
    until: found.window ? windowEnd(error, event.time) : null,
  };
};

/** The run as it would be with its errors taken for something else. */
export const withVerdicts = (run: Live, verdicts: ReadonlyMap<number, Verdict>): Live['failures'] =>
  verdicts.size === 0
    ? run.failures
    : run.failures.map((failure) => {
        const verdict = verdicts.get(failure.version);
        return verdict ? { ...failure, ...verdict } : failure;
      });
