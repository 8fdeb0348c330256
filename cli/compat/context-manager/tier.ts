/** How much of a learning is worth its place in a context: all of it, a summary, or a line in an index. */
export interface Tier {
  readonly name: 'tier1' | 'tier2' | 'tier3';
  readonly shows: 'full' | 'summary' | 'index';
}

export const FULL_BELOW_DAYS = 30;
export const SUMMARY_UP_TO_DAYS = 90;

const DAY_MS = 86_400_000;

/** Midnight UTC of a calendar day, or `null` for a day that no calendar has. */
const dayMs = (date: string): number | null => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const ms = Date.parse(`${date}T00:00:00Z`);
  // Some engines roll 30 February over into March.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? null : ms;
};

/** Calendar days from `date` until the day that it is here, so that an hour of summer time makes no difference. */
const ageInDays = (dateMs: number, now: Date): number =>
  Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - dateMs) / DAY_MS);

/** The tier of something dated `YYYY-MM-DD`, or `null` where that is no date. */
export const tierOf = (date: string, now: Date): Tier | null => {
  const ms = dayMs(date);
  if (ms === null) return null;
  const days = ageInDays(ms, now);
  if (days < FULL_BELOW_DAYS) return { name: 'tier1', shows: 'full' };
  return days <= SUMMARY_UP_TO_DAYS ? { name: 'tier2', shows: 'summary' } : { name: 'tier3', shows: 'index' };
};
