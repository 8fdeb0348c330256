import type { ContextPolicy } from '#contracts';

/** 1: recent, kept word for word. 2: old, may be summarised. 3: very old, may be left out. */
export type Tier = 1 | 2 | 3;

const DAY_MS = 86_400_000;

/** @param time and `now` are ISO 8601; a day without a time is its midnight, UTC */
export const tierOf = (
  time: string,
  now: string,
  { summarise_days: summarise, archive_days: archive }: Pick<ContextPolicy, 'summarise_days' | 'archive_days'>,
): Tier => {
  const days = (Date.parse(now) - Date.parse(time)) / DAY_MS;
  if (days > archive) return 3;
  return days >= summarise ? 2 : 1;
};
