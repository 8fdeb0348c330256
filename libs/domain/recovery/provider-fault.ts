import type { Context } from '../context.ts';
import { choiceOf } from '../engines/fail-over.ts';
import { describeOutage, outageOf, pickEngine, windowEndOf } from '../engines/outages.ts';
import type { Failure, Run } from '../run.ts';
import { backoffMs, type Decided, decided, later, waitOut } from './decided.ts';
import { limitOf, triesOf, windowsBefore } from './tries.ts';

/** Whom else there was, and what became of each. */
const nobodyGoesOn = (run: Run, failure: Failure, { now }: Context): string => {
  const tried = (choiceOf(run, failure)?.candidates ?? []).flatMap(
    (name) => outageOf(run.engines.outages, name, now) ?? [],
  );
  return `no engine can go on: ${tried.map(describeOutage).join(', ') || failure.error}`;
};

/** No other engine is free: a window is waited out, a provider that is down is tried again, and then a person decides. */
const withoutAnother = (run: Run, failure: Failure, context: Context): Decided => {
  const { outages } = run.engines;
  const candidates = choiceOf(run, failure)?.candidates ?? [failure.engine ?? ''];
  const picked = pickEngine(candidates, outages, context.now);
  if (picked.outcome === 'wait') return waitOut(picked.until, context, windowsBefore(run, failure));
  const tries = triesOf(run, failure);
  const limit = limitOf(run, failure);
  if (failure.category === 'transient' && tries < limit)
    return decided('retry', `no other engine is free; try ${tries} of ${limit} failed`, {
      notBefore: later(context.now, backoffMs(tries, context.draw)),
    });
  const until = windowEndOf(outages.filter(({ engine }) => candidates.includes(engine)));
  if (until !== null && until > context.now) return waitOut(until, context, windowsBefore(run, failure));
  return decided('escalate', nobodyGoesOn(run, failure, context));
};

/** What follows from a failure that is no fault of the work; `null` for any other. */
export const decideProviderFault = (run: Run, failure: Failure, context: Context): Decided | null => {
  const { engine, provider, goesOnWith } = failure;
  if (engine === null || provider === null) return null;
  return goesOnWith === null
    ? withoutAnother(run, failure, context)
    : decided('retry', `${goesOnWith} goes on, which is no failed try`, { counted: false });
};
