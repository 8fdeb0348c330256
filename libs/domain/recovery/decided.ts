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

export const waitOut = (until: string, { draw }: Context): Decided =>
  decided('retry', 'the provider takes no requests until then, which is no failed try', {
    counted: false,
    notBefore: later(until, Math.round(AFTER_WINDOW_MS * draw)),
  });
