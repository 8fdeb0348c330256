/** A person reads no faster. */
const EVERY_MS = 1_000;
const MAX_LINE = 300;

/** Turns what a model writes, piece by piece, into lines for people: of each second, the newest sentence. */
export const createProgressLines = (progress: (message: string) => void, now: () => number = Date.now) => {
  let pending = '';
  let said = Number.NEGATIVE_INFINITY;
  const say = (text: string): void => {
    const line = text.replace(/\s+/g, ' ').trim().slice(0, MAX_LINE);
    if (line !== '') progress(line);
  };
  return {
    onText: (delta: string): void => {
      pending = (pending + delta).slice(-2 * MAX_LINE);
      if (now() - said < EVERY_MS) return;
      const end = Math.max(pending.lastIndexOf('\n'), pending.lastIndexOf('. '));
      if (end < 0) return;
      const whole = pending.slice(0, end + 1).trimEnd();
      say(whole.slice(whole.lastIndexOf('\n') + 1));
      pending = pending.slice(end + 1);
      said = now();
    },
    /** What it does is said at once; how often is for the desk to limit. */
    say,
  };
};
