import { StudioError, Unavailable } from '#contracts';

/** For commands that go to Redis past the log: whatever the connection rejects with is `Unavailable`. */
export const unavailable = (cause: unknown): never => {
  if (cause instanceof StudioError) throw cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new Unavailable(`redis did not answer: ${reason}; check that it runs and try again`, {}, { cause });
};
