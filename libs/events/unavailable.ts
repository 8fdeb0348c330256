import { StudioError, Unavailable } from '#contracts';

/** What Redis begins its answer with when a write does not fit any more. */
const NO_MEMORY = /^OOM\b/;

/** What the client library rejects with after its tries to reach the server; its text names options of the library. */
const GAVE_UP = 'MaxRetriesPerRequestError';

const messageOf = (cause: unknown): string => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (NO_MEMORY.test(reason))
    return 'redis has no memory left, so nothing can be stored: raise maxmemory, or remove what else it holds';
  if (cause instanceof Error && cause.name === GAVE_UP)
    return 'redis does not answer, at several tries in a row; check that it runs and try again';
  return `redis did not answer: ${reason}; check that it runs and try again`;
};

/** Turns whatever a Redis client rejects with into the one error that callers know. Use as `.catch(unavailable)`. */
export const unavailable = (cause: unknown): never => {
  if (cause instanceof StudioError) throw cause;
  throw new Unavailable(messageOf(cause), {}, { cause });
};
