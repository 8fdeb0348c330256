import { aroundCalls, type Engine, type EngineContext, mapTexts } from '#engines';
import type { Redact } from '#workspace';

const KEY_BEGINS = /-----BEGIN [A-Z ]*PRIVATE KEY/;
const KEY_ENDS = /-----END [A-Z ]*PRIVATE KEY/;
const HIDDEN_KEY = '[redacted]';
/** Of one line for people. Cut only here: of half a secret nobody can tell that it is one. */
const MOST_CHARACTERS = 1_000;

/** A key that comes line by line is nothing but its first line to whoever sees one line. */
const createLineRedactor = (redact: Redact): Redact => {
  let inKey = false;
  return (text) => {
    const begins = KEY_BEGINS.test(text);
    const hidden = inKey && !begins ? HIDDEN_KEY : redact(text);
    inKey = (inKey || begins) && !KEY_ENDS.test(text);
    return hidden;
  };
};

/** An error keeps what it is, and loses what it must not say. */
export const hideIn = (error: unknown, redact: Redact): unknown => {
  if (!(error instanceof Error)) return typeof error === 'string' ? redact(error) : error;
  error.message = redact(error.message);
  if (error.stack) error.stack = redact(error.stack);
  if (error.cause !== undefined) error.cause = hideIn(error.cause, redact);
  return error;
};

const guardedContext = (context: EngineContext, redact: Redact): EngineContext => {
  const line = createLineRedactor(redact);
  const { progress, learned, used, permit } = context;
  return {
    ...context,
    redact,
    progress: (message) => progress(line(message).slice(0, MOST_CHARACTERS)),
    ...(learned && { learned: (learning) => learned(mapTexts(learning, redact)) }),
    ...(used && { used: (usage) => used(mapTexts(usage, redact)) }),
    ...(permit && {
      permit: ({ signal, ...request }) => permit({ ...mapTexts(request, redact), signal }),
    }),
  };
};

/**
 * The border between an engine and everything of ours: whatever it says comes through here, and no secret with it. Names of
 * conversations are kept as they are, because they are what the engine is asked with.
 */
export const guardedEngine = (engine: Engine, redact: Redact): Engine =>
  aroundCalls(engine, async (ask, request, context) => {
    try {
      return mapTexts(await ask(request, guardedContext(context, redact)), redact);
    } catch (error) {
      throw hideIn(error, redact);
    }
  });
