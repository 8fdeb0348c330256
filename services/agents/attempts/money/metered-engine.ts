import type { Usage } from '#contracts';
import type { Engine, EngineContext, EngineRequest } from '#engines';
import type { Pricing } from '#money';
import type { Attempt } from '../attempt.ts';
import { workOf } from '../reading/briefing.ts';

export interface Meter {
  readonly attempt: Attempt;
  readonly pricing: Pricing;
  readonly dayOf: (time: Date) => string;
}

/** Takes note of all that a call uses, priced, under the day on which it became known. */
const expensesOf = (engine: Engine, request: EngineRequest, { attempt, pricing, dayOf }: Meter) => {
  // Asked for now: an engine may tell after the lease has ended.
  const { role } = attempt.invocation();
  return (usage: Usage): void =>
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
      ...pricing(usage),
    });
};

/** An engine whose calls are paid for; whoever asks it need not know. */
export const meteredEngine = (engine: Engine, meter: Meter): Engine => {
  const metered =
    <R extends EngineRequest, O>(ask: (request: R, context: EngineContext) => Promise<O>) =>
    async (request: R, context: EngineContext): Promise<O> => {
      const used = expensesOf(engine, request, meter);
      try {
        return await ask(request, { ...context, used });
      } finally {
        // What cannot be stored now is tried again with the next amount, and before the job ends.
        await meter.attempt.spending.settled().catch(() => undefined);
      }
    };
  return {
    ...engine,
    plan: metered((request: Parameters<Engine['plan']>[0], context) => engine.plan(request, context)),
    decompose: metered((request: Parameters<Engine['decompose']>[0], context) => engine.decompose(request, context)),
    work: metered((request: Parameters<Engine['work']>[0], context) => engine.work(request, context)),
  };
};
