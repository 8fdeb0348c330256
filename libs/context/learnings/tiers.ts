/** 1: recent, kept word for word. 2: old, summarised when space is short. 3: very old, left out when it is. */
export type Tier = 1 | 2 | 3;

const DAY_MS = 86_400_000;
const OLD_DAYS = 30;
const VERY_OLD_DAYS = 90;

/** @param time and `now` are ISO 8601; a day without a time is its midnight, UTC */
export const tierOf = (time: string, now: string): Tier => {
  const days = (Date.parse(now) - Date.parse(time)) / DAY_MS;
  if (days > VERY_OLD_DAYS) return 3;
  return days >= OLD_DAYS ? 2 : 1;
};
