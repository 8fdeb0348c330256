import type { Usage } from '#contracts';
import type { Engine, EngineContext, EngineRequest } from '#engines';
import type { Pricing, Purse } from '#money';
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

const usdOf = (grants: readonly number[]): number => grants.reduce((sum, usd) => sum + usd, 0);

/** @returns US dollars that may be spent now; `null` is no limit @throws {OverBudget} nothing is left */
export const grantOf = async ({ attempt, purse }: Pick<Meter, 'attempt' | 'purse'>): Promise<number | null> => {
  const grant = await purse?.reserve(attempt.run());
  if (!grant || grant.outcome === 'free') return null;
  if (grant.outcome === 'reserved') return grant.usd;
  throw new OverBudget(attempt.id, grant);
};

/**
 * One call of an engine: what it uses is noted, priced, under the day on which it became known. Where it spends more than
 * it was granted it is granted more; where nothing is left and it goes on, it is ended.
 */
const openCall = (engine: Engine, request: EngineRequest, budgetUsd: number | null, meter: Meter) => {
  const { attempt, pricing, dayOf } = meter;
  // Asked for now: an engine may tell after the lease has ended.
  const { role } = attempt.invocation();
  const over = new AbortController();
  const granted = [budgetUsd ?? Number.POSITIVE_INFINITY];
  let spentUsd = 0;
  let ending: NodeJS.Timeout | undefined;

  const extend = async (): Promise<void> => {
    await attempt.spending.settled();
    const more = await grantOf(meter);
    granted.push(more ?? Number.POSITIVE_INFINITY);
  };
  const end = (reason: unknown): void => {
    if (reason instanceof OverBudget) ending ??= setTimeout(() => over.abort(reason), GRACE_MS);
  };
  return {
    over: over.signal,
    hasSpent: (): boolean => spentUsd > 0,
    used: (usage: Usage): void => {
      const priced = pricing(usage);
      spentUsd += priced.costUsd;
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
      if (spentUsd >= usdOf(granted)) void extend().catch(end);
    },
    close: async (): Promise<void> => {
      clearTimeout(ending);
      // What cannot be stored now is tried again with the next amount, and before the job ends.
      await attempt.spending.settled().catch(() => undefined);
    },
  };
};

/** An engine whose calls are paid for, and limited; whoever asks it need not know. */
export const meteredEngine = (engine: Engine, meter: Meter): Engine => {
  const metered =
    <R extends EngineRequest, O extends { readonly outcome: string }>(
      ask: (request: R, context: EngineContext) => Promise<O>,
    ) =>
    async (request: R, context: EngineContext): Promise<O> => {
      const budgetUsd = engine.free ? null : await grantOf(meter);
      const call = openCall(engine, request, budgetUsd, meter);
      const signal = AbortSignal.any([context.signal, call.over]);
      const outcome = await ask(request, { ...context, signal, budgetUsd, used: call.used }).finally(call.close);
      // It may have failed for want of money: that is no fault of the work.
      if (outcome.outcome === 'failed' && budgetUsd !== null && call.hasSpent()) await grantOf(meter);
      return outcome;
    };
  return {
    ...engine,
    plan: metered((request: Parameters<Engine['plan']>[0], context) => engine.plan(request, context)),
    decompose: metered((request: Parameters<Engine['decompose']>[0], context) => engine.decompose(request, context)),
    work: metered((request: Parameters<Engine['work']>[0], context) => engine.work(request, context)),
  };
};
