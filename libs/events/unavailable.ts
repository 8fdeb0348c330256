import { Unavailable } from '#contracts';

/** Turns whatever a Redis client rejects with into the one error that callers know. Use as `.catch(unavailable)`. */
export const unavailable = (cause: unknown): never => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new Unavailable(`redis did not answer: ${reason}; check that it runs and try again`, {}, { cause });
};
