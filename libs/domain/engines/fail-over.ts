import type { EventOf } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import { type Change, type Context, type Evolvers, fact } from '../context.ts';
import {
  type ChosenEngine,
  type Failure,
  type Live,
  lastFailure,
  presentFailures,
  type Run,
  updateLastFailure,
} from '../run.ts';
import { describeOutage, outageOf, pickEngine } from './outages.ts';

/** So often the same work goes from one engine to another without a try; then its tries count. */
const MOST_CHANGES = 10;

const isSamePlace = (one: Failure, other: Failure): boolean =>
  one.role === other.role && one.attempt === other.attempt && one.step === other.step && one.gate === other.gate;

/** What the engine that failed was chosen for, and among whom. */
export const choiceOf = ({ engines }: Run, { role, engine }: Failure): ChosenEngine | null =>
  engines.chosen.findLast((chosen) => chosen.role === role && chosen.engine === engine) ?? null;

/** Where the provider of an engine is at fault, the next one that could do it goes on. */
export const failOver = (run: Live, { now }: Context): EventOf<'engine.failed_over'> | null => {
  const failure = lastFailure(run);
  if (!failure?.provider || failure.recovery || failure.goesOnWith !== null || failure.category === 'critical')
    return null;
  const choice = choiceOf(run, failure);
  const changes = presentFailures(run).filter((other) => other.goesOnWith !== null && isSamePlace(other, failure));
  if (!choice || changes.length >= MOST_CHANGES) return null;
  const { outages } = run.engines;
  const picked = pickEngine(choice.candidates, outages, now);
  const outage = outageOf(outages, choice.engine, now);
  if (picked.outcome !== 'free' || !outage) return null;
  return fact('engine.failed_over', {
    role: failure.role,
    from: choice.engine,
    to: picked.engine,
    provider: failure.provider,
    reason: `${describeOutage(outage)}: ${outage.error}`,
    until: outage.until,
  });
};

/** A person who wants it tried again knows something that we do not. */
export const asIfNothingWereKnown = ({ engines }: Run): Change =>
  engines.outages.length === 0 ? {} : { engines: { ...engines, outages: [] } };

export const engineEvolvers: Evolvers<'engine.chosen' | 'engine.failed_over'> = {
  'engine.chosen': (run, { data: { lease: _lease, seq, ...chosen } }) => ({
    invocations: seen(run, seq),
    engines: {
      ...run.engines,
      chosen: [...run.engines.chosen.filter(({ role, work }) => role !== chosen.role || work !== chosen.work), chosen],
    },
  }),

  'engine.failed_over': (run, { time, data }) => ({
    failures: updateLastFailure(run, { goesOnWith: data.to }),
    engines: {
      ...run.engines,
      failedOver: [...run.engines.failedOver, { ...data, time }],
      chosen: run.engines.chosen.map((chosen) =>
        chosen.role === data.role && chosen.engine === data.from
          ? { ...chosen, engine: data.to, reason: `${data.to}: ${data.reason}` }
          : chosen,
      ),
    },
  }),
};
