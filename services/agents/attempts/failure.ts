import { type FailureCategory, type ProviderFault, StudioError } from '#contracts';
import {
  type Classification,
  classify,
  type ErrorPattern,
  fingerprint,
  type ReportedFailure,
  windowEnd,
} from '#domain';
import { ForbiddenCommand } from '#engines';
import { SecurityViolation } from '#workspace';
import { AttemptFailed } from './errors.ts';
import { hideIn } from './guarded-engine.ts';

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
  /** The engine that said so: only then is a provider at fault. */
  readonly engine?: string | null | undefined;
  readonly provider?: ProviderFault | null | undefined;
}

export interface Classifier {
  /** Of an error text, as a program printed it. */
  ofText(error: string, told?: Told): ReportedFailure;
  /** Of anything that was thrown. */
  ofThrown(error: unknown): ReportedFailure;
  /** The same error, to be logged. */
  hide(error: unknown): unknown;
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

/** Whoever names the end of a window, or his provider, says by that what kind of failure it is. */
const saidOf = ({ category, until, provider }: Told, found: Classification): FailureCategory | null => {
  if (category) return category;
  if (until) return 'transient';
  if (!provider || found.provider) return null;
  return provider === 'refused_key' ? 'blocker' : 'transient';
};

/** A window that is over sooner than another engine would have begun is waited out. */
const SHORT_WINDOW_MS = 10_000;

const providerOf = (
  { engine, provider }: Told,
  found: ProviderFault | null,
  { until, now }: { readonly until: string | null; readonly now: Date },
): ProviderFault | null => {
  if (!engine) return null;
  if (provider) return provider;
  const leftMs = until === null ? null : Date.parse(until) - now.getTime();
  if (leftMs !== null && leftMs <= SHORT_WINDOW_MS) return null;
  return leftMs === null ? found : (found ?? 'quota');
};

const NOTHING_KNOWN = { hint: null, patternId: null, window: false, provider: null } as const;

/** Tells what kind of failure something is. Secrets are gone from whatever it returns. */
export const createClassifier = (
  patterns: readonly ErrorPattern[],
  redact: (text: string) => string,
  now: () => Date = () => new Date(),
): Classifier => {
  const ofText = (text: string, { exitCode = null, timedOut = false, ...told }: Told = {}): ReportedFailure => {
    const found = classify({ error: text, exitCode, timedOut }, patterns);
    const category = saidOf(told, found) ?? found.category;
    // What a pattern knows of another kind of failure does not hold for this one.
    const known = category === found.category ? found : NOTHING_KNOWN;
    const until = told.until ?? (known.window ? windowEnd(text, now().toISOString()) : null);
    const error = capped(redact(text));
    return {
      category,
      error,
      fingerprint: fingerprint(error),
      // A fault that passes by itself needs nothing from anybody.
      unblock: told.unblock ? redact(told.unblock) : category === 'transient' ? null : known.hint,
      pattern: known.patternId,
      until,
      engine: told.engine ?? null,
      provider: providerOf(told, known.provider, { until, now: now() }),
    };
  };
  return {
    ofText,
    hide: (error) => hideIn(error, redact),
    ofThrown: (error) => ofText(error instanceof Error ? error.message : String(error), toldBy(error)),
  };
};
