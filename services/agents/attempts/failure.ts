import { type FailureCategory, StudioError } from '#contracts';
import { classify, type ErrorPattern, fingerprint, type ReportedFailure, windowEnd } from '#domain';
import { ForbiddenCommand } from '#engines';
import { SecurityViolation } from '#workspace';
import { AttemptFailed } from './errors.ts';

/** The end of a long error says most. Whole outputs are with the checks. */
const MAX_ERROR_CHARACTERS = 4_000;

const capped = (error: string): string =>
  error.length <= MAX_ERROR_CHARACTERS ? error : `…${error.slice(-MAX_ERROR_CHARACTERS)}`;

/** What is known of a failure beside its text. */
export interface Told {
  readonly exitCode?: number | null;
  readonly timedOut?: boolean;
  /** Whoever failed says so itself; else the patterns tell. */
  readonly category?: FailureCategory | null | undefined;
  readonly unblock?: string | null;
  readonly until?: string | null | undefined;
}

export interface Classifier {
  /** Of an error text, as a program printed it. */
  ofText(error: string, told?: Told): ReportedFailure;
  /** Of anything that was thrown. */
  ofThrown(error: unknown): ReportedFailure;
}

/** Nothing may go on after it: the run ends at once. */
export const isSecurityViolation = (error: unknown): boolean =>
  error instanceof ForbiddenCommand || error instanceof SecurityViolation;

const toldBy = (error: unknown): Told => {
  if (error instanceof AttemptFailed) return error;
  if (isSecurityViolation(error)) return { category: 'critical' };
  if (!(error instanceof StudioError)) return {};
  return { category: error.remedy === 'retry' ? 'transient' : 'blocker' };
};

/** Whoever names the end of a window says by that what kind of failure it is. */
const saidOf = ({ category, until }: Told): FailureCategory | null => category ?? (until ? 'transient' : null);

/** Tells what kind of failure something is. Secrets are gone from whatever it returns. */
export const createClassifier = (
  patterns: readonly ErrorPattern[],
  redact: (text: string) => string,
  now: () => Date = () => new Date(),
): Classifier => {
  const ofText = (text: string, { exitCode = null, timedOut = false, ...told }: Told = {}): ReportedFailure => {
    const found = classify({ error: text, exitCode, timedOut }, patterns);
    const category = saidOf(told) ?? found.category;
    const fits = category === found.category;
    const until = fits && found.window ? windowEnd(text, now().toISOString()) : null;
    const error = capped(redact(text));
    return {
      category,
      error,
      fingerprint: fingerprint(error),
      // A fault that passes by itself needs nothing from anybody.
      unblock: told.unblock ?? (fits && category !== 'transient' ? found.hint : null),
      pattern: fits ? found.patternId : null,
      until: told.until ?? until,
    };
  };
  return {
    ofText,
    ofThrown: (error) => ofText(error instanceof Error ? error.message : String(error), toldBy(error)),
  };
};
