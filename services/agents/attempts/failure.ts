import { StudioError } from '#contracts';
import { classify, type ErrorPattern, fingerprint, type ReportedFailure } from '#domain';
import { AttemptFailed } from './errors.ts';

/** The end of a long error says most. Whole outputs are with the checks. */
const MAX_ERROR_CHARACTERS = 4_000;

const capped = (error: string): string =>
  error.length <= MAX_ERROR_CHARACTERS ? error : `…${error.slice(-MAX_ERROR_CHARACTERS)}`;

export interface Classifier {
  /** Of an error text, as a program printed it. */
  ofText(error: string, how?: { readonly exitCode?: number | null; readonly timedOut?: boolean }): ReportedFailure;
  /** Of anything that was thrown. */
  ofThrown(error: unknown): ReportedFailure;
}

const known = (error: unknown): Pick<ReportedFailure, 'category' | 'unblock'> | null => {
  if (error instanceof AttemptFailed) return { category: error.category, unblock: error.unblock };
  if (!(error instanceof StudioError)) return null;
  return error.remedy === 'retry' ? { category: 'transient', unblock: null } : { category: 'blocker', unblock: null };
};

/** Tells what kind of failure something is. Secrets are gone from whatever it returns. */
export const createClassifier = (patterns: readonly ErrorPattern[], redact: (text: string) => string): Classifier => {
  const failure = (text: string, as: Pick<ReportedFailure, 'category' | 'unblock'>): ReportedFailure => {
    const error = capped(redact(text));
    return { ...as, error, fingerprint: fingerprint(error) };
  };
  const ofText: Classifier['ofText'] = (error, { exitCode = null, timedOut = false } = {}) => {
    const { category, hint } = classify({ error, exitCode, timedOut }, patterns);
    return failure(error, { category, unblock: category === 'blocker' ? hint : null });
  };
  return {
    ofText,
    ofThrown(error) {
      const message = error instanceof Error ? error.message : String(error);
      const as = known(error);
      return as ? failure(message, as) : ofText(message);
    },
  };
};
