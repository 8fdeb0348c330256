/**
 * When a provider takes requests again, as it says so in a text. What the tools of this trade print: `Retry-After` and
 * rate-limit headers, "try again in 6m0s", "resets 3pm (Europe/Berlin)", "usage limit reached|1760000000".
 */

/** Weekly limits are the longest there are; what lies beyond is no window but a misreading. */
const LONGEST_MS = 8 * 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const AMOUNT = '\\d{1,9}(?:\\.\\d{1,9})?';
const UNIT = '(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])|(?:m|h|d)(?=\\d)';
const PART = `${AMOUNT} ?(?:${UNIT})`;
const DURATION = `${PART}(?:(?:,? (?:and )?)?${PART}){0,4}`;

const unitMs = (unit: string): number => {
  const name = unit.toLowerCase();
  return UNIT_MS[name.startsWith('mil') || name === 'ms' ? 'ms' : name.charAt(0)] ?? 0;
};

const durationMs = (text: string): number =>
  [...text.matchAll(new RegExp(`(${AMOUNT}) ?(${UNIT})`, 'gi'))].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * unitMs(unit ?? ''),
    0,
  );

/** Milliseconds since 1970 at which that zone's clock next shows this time; a change of its offset until then is missed. */
const nextClockTime = (hour: number, minute: number, timeZone: string, nowMs: number): number | null => {
  try {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const [hours = 0, minutes = 0] = clock.format(nowMs).split(':').map(Number);
    const ahead = (hour * 60 + minute - (hours * 60 + minutes) + 1_440) % 1_440 || 1_440;
    return nowMs - (nowMs % 60_000) + ahead * 60_000;
  } catch {
    return null; // no such zone
  }
};

type Reading = readonly [pattern: RegExp, read: (groups: readonly string[], nowMs: number) => number | null];

const READINGS: readonly Reading[] = [
  [
    new RegExp(
      `\\bretry[-_ ]?after[-_]?(ms)?["']?[:=]? ?["']?(\\d{1,9}(?:\\.\\d{1,9})?)(?![\\w:-]|\\.\\d| ?(?:${UNIT}))`,
      'i',
    ),
    ([ms = '', amount = ''], nowMs) => nowMs + Number(amount) * (ms ? 1 : 1_000),
  ],
  [/\bretry-after["']?[:=] ?["']?(\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT)/i, ([date = '']) => Date.parse(date)],
  [
    new RegExp(
      `\\b(?:again|retry(?:ing)?|retry[-_ ]?(?:after|delay)|resets?(?:[-_]\\w{1,20})?|wait|available)["']?[:=]? ?["']?(?:in |after |for )?(?:about )?(${DURATION})`,
      'i',
    ),
    ([text = ''], nowMs) => nowMs + durationMs(text),
  ],
  [
    /\b(?:resets?|retry|again|until|available)\b.{0,40}?(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))/i,
    ([date = '']) => Date.parse(date),
  ],
  [/\b(?:resets?\b|limit reached)[^\d\n]{0,20}(\d{10})(?!\d)/i, ([seconds = '']) => Number(seconds) * 1_000],
  [
    /\b(?:resets?|again)(?: at)? (\d{1,2})(?::(\d{2}))? ?([ap])\.?m\.? ?\(([\w+/-]{1,40})\)/i,
    ([hour = '', minute = '', half = '', zone = ''], nowMs) =>
      nextClockTime((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0), Number(minute || 0), zone, nowMs),
  ],
];

/** @returns the end of the window, ISO 8601, or `null` where the text names none that is ahead */
export const windowEnd = (text: string, now: string): string | null => {
  const nowMs = Date.parse(now);
  for (const [pattern, read] of READINGS) {
    const found = pattern.exec(text);
    const untilMs = found && read(found.slice(1), nowMs);
    if (untilMs !== null && untilMs > nowMs && untilMs <= nowMs + LONGEST_MS) return new Date(untilMs).toISOString();
  }
  return null;
};
