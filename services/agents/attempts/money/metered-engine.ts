import type { Usage } from '#contracts';
import { aroundCalls, type Engine, type EngineRequest } from '#engines';
import type { Amounts, Pricing, Purse } from '#money';
import type { Attempt } from '../attempt.ts';
import { OverBudget } from '../errors.ts';
import { workOf } from '../reading/briefing.ts';

export interface Meter {
  readonly attempt: Attempt;
  readonly pricing: Pricing;
  readonly dayOf: (time: Date) => string;
  /** Without one nothing is limited. */
  readonly purse: Purse | undefined;
}

/** An engine that has told what it used usually has its answer next: it is not ended for what it spent before that. */
const GRACE_MS = 5_000;

/** What may be spent now; `null` is no limit. */
type Granted = { readonly [Unit in keyof Amounts]: Amounts[Unit] | null };

const NO_LIMIT: Granted = { usd: null, tokens: null };

/** @throws {OverBudget} nothing is left */
export const grantOf = async ({ attempt, purse }: Pick<Meter, 'attempt' | 'purse'>): Promise<Granted> => {
  const grant = await purse?.reserve(attempt.run());
  if (!grant || grant.outcome === 'free') return NO_LIMIT;
  if (grant.outcome === 'reserved') return grant;
  throw new OverBudget(attempt.id, grant);
};

/**
 * One call of an engine: what it uses is noted, priced, under the day on which it became known. Where it spends more than
 * it was granted it is granted more; where nothing is left and it goes on, it is ended.
 */
const openCall = (engine: Engine, request: EngineRequest, first: Granted, meter: Meter) => {
  const { attempt, pricing, dayOf } = meter;
  // Asked for now: an engine may tell after the lease has ended.
  const { role } = attempt.invocation();
  const over = new AbortController();
  const granted = { usd: first.usd ?? Number.POSITIVE_INFINITY, tokens: first.tokens ?? Number.POSITIVE_INFINITY };
  const spent = { usd: 0, tokens: 0 };
  let ending: NodeJS.Timeout | undefined;

  const extend = async (): Promise<void> => {
    await attempt.spending.settled();
    const more = await grantOf(meter);
    granted.usd += more.usd ?? Number.POSITIVE_INFINITY;
    granted.tokens += more.tokens ?? Number.POSITIVE_INFINITY;
  };
  const end = (reason: unknown): void => {
    if (reason instanceof OverBudget) ending ??= setTimeout(() => over.abort(reason), GRACE_MS);
  };
  return {
    over: (): AbortSignal => over.signal,
    hasSpent: (): boolean => spent.usd > 0 || spent.tokens > 0,
    used: (usage: Usage): void => {
      const priced = pricing(usage);
      spent.usd += priced.costUsd;
      spent.tokens += usage.input_tokens + usage.output_tokens;
      attempt.spending.add({
        role,
        work: workOf(request),
        engine: engine.name,
        provider: usage.provider,
        model: usage.model,
        inputTokens: usage.input_tokens,
        cachedTokens: usage.cached_tokens,
        cacheWriteTokens: usage.cache_write_tokens,
        outputTokens: usage.output_tokens,
        day: dayOf(new Date()),
        ...priced,
      });
      if (spent.usd >= granted.usd || spent.tokens >= granted.tokens) void extend().catch(end);
    },
    close: async (): Promise<void> => {
      clearTimeout(ending);
      // What cannot be stored now is tried again with the next amount, and before the job ends.
      await attempt.spending.settled().catch(() => undefined);
    },
  };
};

const isLimited = ({ usd, tokens }: Granted): boolean => usd !== null || tokens !== null;

/** An engine whose calls are paid for, and limited. */
export const meteredEngine = (engine: Engine, meter: Meter): Engine =>
  aroundCalls(engine, async (ask, request, context) => {
    const granted = engine.free ? NO_LIMIT : await grantOf(meter);
    const call = openCall(engine, request, granted, meter);
    const limits = { budgetUsd: granted.usd, budgetTokens: granted.tokens };
    const signal = isLimited(granted) ? AbortSignal.any([context.signal, call.over()]) : context.signal;
    const outcome = await ask(request, { ...context, ...limits, signal, used: call.used }).finally(call.close);
    // It may have failed for want of money: that is no fault of the work.
    if (outcome.outcome === 'failed' && isLimited(granted) && call.hasSpent()) await grantOf(meter);
    return outcome;
  });
