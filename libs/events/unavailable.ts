import { Unavailable } from '#contracts';

/** What Redis begins its answer with when a write does not fit any more. */
const NO_MEMORY = /^OOM\b/;

/** Turns whatever a Redis client rejects with into the one error that callers know. Use as `.catch(unavailable)`. */
export const unavailable = (cause: unknown): never => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new Unavailable(
    NO_MEMORY.test(reason)
      ? 'redis has no memory left, so nothing can be stored: raise maxmemory, or remove what else it holds'
      : `redis did not answer: ${reason}; check that it runs and try again`,
    {},
    { cause },
  );
};
