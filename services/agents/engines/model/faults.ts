import * as z from 'zod';
import type { EngineFailure } from '../engine.ts';
import { labelOf, type ModelEngineOptions } from './options.ts';
import { Silence } from './patient-fetch.ts';

/** What a call came to that has no answer. */
export interface Fault {
  readonly failure: EngineFailure;
  /** The same call may work after so many milliseconds; `null`: not now. */
  readonly againMs: number | null;
}

/** Carries a failure through the SDK. */
export class ModelFailed extends Error {
  readonly failure: EngineFailure;

  constructor(failure: EngineFailure, cause?: unknown) {
    super(failure.outcome === 'failed' ? failure.error : failure.reason, { cause });
    this.failure = failure;
  }
}

/** One call took longer than it may. */
export class CallTimedOut extends Error {}

/** The stream ended, or held something, so that there is no answer in it. */
export class BrokenStream extends Error {}

/** A longer wait would keep a worker for nothing: the window is for the orchestration to wait out. */
const LONGEST_WAIT_MS = 30_000;
/** Where a provider asks to slow down and does not say how long. */
const WINDOW_MS = 60_000;

const CREDIT = /insufficient_quota|credit balance is too low|exceeded your current quota|billing/i;
const TOO_LONG = /context.?length|prompt is too long|too many tokens|maximum context/i;

/** Errors of the SDK, of the provider packages and of their streams, as far as they say something. */
const Known = z.object({
  message: z.string().catch('no message'),
  type: z.string().optional().catch(undefined),
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
  statusCode: z.int().optional().catch(undefined),
  responseHeaders: z.record(z.string(), z.string()).optional().catch(undefined),
  responseBody: z.string().optional().catch(undefined),
  isRetryable: z.boolean().optional().catch(undefined),
  cause: z.unknown().optional(),
});
type Known = z.infer<typeof Known>;

const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  overloaded_error: 529,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  api_error: 500,
  server_error: 500,
  authentication_error: 401,
  permission_error: 403,
};

const causesOf = (error: unknown): readonly unknown[] => {
  const causes: unknown[] = [];
  for (
    let cause = error;
    cause && !causes.includes(cause) && causes.length < 8;
    cause = Known.safeParse(cause).data?.cause
  )
    causes.push(cause);
  return causes;
};

const statusOf = ({ statusCode, type, code }: Known): number | null => {
  // An error inside a stream comes with the status 200 of the answer that it broke.
  if (statusCode !== undefined && statusCode >= 300) return statusCode;
  return STATUS_OF_TYPE[type ?? ''] ?? STATUS_OF_TYPE[String(code)] ?? null;
};

/** How long a provider says to wait; `null` when it does not. */
const waitOf = ({ responseHeaders = {} }: Known, now: number): number | null => {
  const ms = Number.parseFloat(responseHeaders['retry-after-ms'] ?? '');
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const after = responseHeaders['retry-after'] ?? '';
  const seconds = Number(after);
  if (after !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
};

const MAX_MESSAGE = 1_000;

/** The deepest cause says most: "fetch failed" over "connect ECONNREFUSED". */
const messageOf = (causes: readonly unknown[]): string => {
  const messages = causes.flatMap((cause) => {
    const { message, code } = Known.safeParse(cause).data ?? {};
    return message ? [code && !message.includes(String(code)) ? `${message} (${code})` : message] : [];
  });
  return [...new Set(messages)].slice(0, 3).join(': ').slice(0, MAX_MESSAGE);
};

interface Seen {
  readonly options: ModelEngineOptions;
  readonly error: Known;
  readonly message: string;
  readonly now: number;
}

const slowDown = ({ options, error, message, now }: Seen): Fault => {
  if (CREDIT.test(`${message} ${error.code} ${error.responseBody}`)) return outOfCredit(options, message);
  const waitMs = waitOf(error, now);
  const until = new Date(now + Math.max(waitMs ?? WINDOW_MS, 1_000)).toISOString();
  return {
    failure: {
      outcome: 'failed',
      error: `${labelOf(options)}: the provider takes no more requests for now (429): ${message}`,
      category: 'transient',
      provider: 'quota',
      until,
    },
    againMs: waitMs !== null && waitMs <= LONGEST_WAIT_MS ? waitMs : null,
  };
};

const outOfCredit = (options: ModelEngineOptions, message: string): Fault => ({
  failure: {
    outcome: 'failed',
    error: `${labelOf(options)}: the account of the provider has no credit left, top it up or choose another engine: ${message}`,
    category: 'blocker',
    provider: 'quota',
  },
  againMs: null,
});

const down = ({ options, error, message, now }: Seen, againMs: number | null = 0): Fault => {
  const waitMs = waitOf(error, now);
  const isLong = waitMs !== null && waitMs > LONGEST_WAIT_MS;
  return {
    failure: {
      outcome: 'failed',
      error: `${labelOf(options)}: the provider does not answer as it should: ${message}`,
      category: 'transient',
      provider: 'down',
      ...(isLong ? { until: new Date(now + waitMs).toISOString() } : {}),
    },
    againMs: isLong ? null : (waitMs ?? againMs),
  };
};

const refusedKey = ({ options, message }: Seen, status: number): Fault => ({
  failure: {
    outcome: 'failed',
    error:
      `${labelOf(options)}: the provider refuses the key (${status}): ${message}; ` +
      `set ${options.key?.variable ?? `${options.settings}.api_key_env in .studio/config.yaml, and what it names,`} to a valid one where the workers start`,
    category: 'blocker',
    provider: 'refused_key',
  },
  againMs: null,
});

const refusedRequest = ({ options, message }: Seen, status: number): Fault => {
  if (TOO_LONG.test(message) || status === 413) {
    const error = `${labelOf(options)}: there was more to read than the model takes: ${message}; lower ${options.settings}.limits.context_tokens in .studio/config.yaml`;
    return { failure: { outcome: 'failed', error, category: 'code_error' }, againMs: null };
  }
  return {
    failure: {
      outcome: 'cannot',
      reason: `${labelOf(options)}: the provider refuses the request (${status}): ${message}`,
      unblock: `correct ${options.origin}, or choose another engine`,
    },
    againMs: null,
  };
};

const byStatus = (seen: Seen, status: number): Fault => {
  const { options, error, message } = seen;
  if (status === 401 || status === 403) return refusedKey(seen, status);
  if (status === 402 || (status < 500 && status !== 429 && CREDIT.test(message))) return outOfCredit(options, message);
  if (status === 429) return slowDown(seen);
  if (status >= 500 || status === 408 || status === 409 || error.isRetryable) return down(seen);
  return refusedRequest(seen, status);
};

/** What an error of a call means, in the words of the engine contract. */
export const faultOf = (thrown: unknown, options: ModelEngineOptions, now: number): Fault => {
  const causes = causesOf(thrown);
  const own = causes.find((cause) => cause instanceof ModelFailed);
  if (own) return { failure: own.failure, againMs: null };
  const error = causes.map((cause) => Known.safeParse(cause).data).find((known) => known && statusOf(known) !== null);
  const seen: Seen = {
    options,
    error: error ?? Known.parse(typeof thrown === 'object' && thrown ? thrown : { message: String(thrown) }),
    message: messageOf(causes) || 'no reason was given',
    now,
  };
  const silent = causes.find((cause) => cause instanceof Silence || cause instanceof CallTimedOut);
  // What took its whole time once takes it again; silence may be the fault of one connection.
  if (silent) return down({ ...seen, message: silent.message }, silent instanceof Silence ? 0 : null);
  const status = statusOf(seen.error);
  return status === null ? down(seen) : byStatus(seen, status);
};
