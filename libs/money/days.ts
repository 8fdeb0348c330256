const HOUR_MS = 3_600_000;

/** The day of a time zone that a moment belongs to: `2026-02-02`. */
export const dayIn = (timeZone: string): ((time: Date) => string) => {
  // The Swedish way to write a date is that of ISO 8601.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (time) => format.format(time);
};

/** When the next day begins there. A clock that is put forward at midnight begins it an hour later. */
export const nextDayIn = (timeZone: string): ((time: Date) => Date) => {
  const dayOf = dayIn(timeZone);
  return (time) => {
    const today = dayOf(time);
    // A day has at most 25 hours; halved until the moment is known to a millisecond.
    let before = time.getTime();
    let after = before + 26 * HOUR_MS;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (dayOf(new Date(middle)) === today) before = middle;
      else after = middle;
    }
    return new Date(after);
  };
};
