import type { EventOf } from '#events';
import type { Context } from '../context.ts';

type Recovery = EventOf<'recovery.decided'>['data'];
export type Decided = Omit<Recovery, 'draw' | 'policyHash'>;

/** First wait after a transient fault; doubled for each that follows, up to the longest. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** Half of the wait is fixed, half is drawn: callers that failed together come back apart. */
export const backoffMs = (tries: number, draw: number): number => {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1));
  return Math.round(full / 2 + (full / 2) * draw);
};

export const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

export const decided = (action: Recovery['action'], reason: string, change: Partial<Decided> = {}): Decided => ({
  action,
  reason,
  notBefore: null,
  hint: null,
  counted: true,
  ...change,
});

/** Whoever waited for the same window comes back within this time after it, not in the same millisecond. */
const AFTER_WINDOW_MS = 2_000;

/**
 * @param before windows that were waited out for the same thing just before: a provider that names a short one again and again
 * is asked less and less often, so that a run that nothing comes of writes little
 */
export const waitOut = (until: string, { now, draw }: Pick<Context, 'now' | 'draw'>, before: number): Decided => {
  const after = later(until, Math.round(AFTER_WINDOW_MS * draw));
  const grown = later(now, backoffMs(before + 1, draw));
  return decided('retry', 'the provider takes no requests until then, which is no failed try', {
    counted: false,
    notBefore: before > 0 && grown > after ? grown : after,
  });
};
