import type { Attempt } from './attempt.ts';

/** What an engine says is stored at most so often; what came between is not worth an event. */
const EVERY_MS = 2_000;

/** Turns an engine's chatter into facts at a sane rate: of each interval, the last line. */
export const createProgress = (attempt: Attempt, redact: (text: string) => string) => {
  let latest: string | null = null;
  const timer = setInterval(() => {
    if (latest === null || attempt.signal.aborted) return;
    const message = redact(latest).slice(0, 2_000);
    latest = null;
    // A lease that has ended shows wherever the role reports next.
    attempt.report({ fact: 'agent.progressed', data: { message } }).catch(() => undefined);
  }, EVERY_MS);
  return {
    say: (message: string): void => {
      latest = message;
    },
    stop: (): void => clearInterval(timer),
  };
};
