import { isDeepStrictEqual } from 'node:util';
import {
  aroundCalls,
  type Capabilities,
  type ChosenEngine,
  chooseEngine,
  type Engine,
  type EngineFailure,
  type EngineSettings,
  HUMAN,
  wantedEngines,
} from '#engines';
import type { Attempt } from './attempt.ts';
import { AttemptFailed } from './errors.ts';
import type { KnownOutages } from './known-outages.ts';

export interface EngineForOptions {
  readonly attempt: Attempt;
  readonly engines: readonly Engine[];
  readonly settings: EngineSettings;
  readonly known: KnownOutages;
}

type Chosen = Extract<ChosenEngine, { outcome: 'chosen' }>;

/** The first choice and every change of it are facts. */
const noteChoice = (attempt: Attempt, work: keyof Capabilities, { engine, reason, candidates }: Chosen): void => {
  const { role } = attempt.invocation();
  const before = attempt.run().engines.chosen.find((chosen) => chosen.role === role && chosen.work === work);
  if (before?.engine === engine.name && isDeepStrictEqual(before.candidates, candidates)) return;
  attempt.note({
    fact: 'engine.chosen',
    data: { role, work, engine: engine.name, reason, candidates: [...candidates] },
  });
};

/** Failures name the engine: what follows from them depends on it. */
const named = (engine: Engine): Engine =>
  aroundCalls(engine, async (ask, request, context) => {
    const outcome = await ask(request, context);
    return outcome.outcome === 'failed'
      ? { ...(outcome as EngineFailure & { outcome: 'failed' }), engine: engine.name }
      : outcome;
  });

/**
 * Who thinks, by goal, plan and configuration and by what is known of providers.
 * @throws {AttemptFailed} nobody can, or nobody until a window is over
 */
export const createEngineFor = ({ attempt, engines, settings, known }: EngineForOptions) => {
  let last: { readonly key: string; readonly engine: string } | null = null;
  const choose = (capability: keyof Capabilities, plan: string | null): ChosenEngine => {
    const { submission, engines: thinking } = attempt.run();
    const { role } = attempt.invocation();
    // Work that nobody did by hand is a matter of one run: whoever is there for another may be somebody else.
    known.take(thinking.outages.filter(({ engine }) => engine !== HUMAN));
    const wanted = wantedEngines({ role, goal: submission.engine, plan, settings });
    const asked = { wanted, configured: engines, capability, now: new Date().toISOString() };
    // What others found out makes somebody else the better choice, and never ends a run: that it finds out itself.
    const all = chooseEngine({ ...asked, outages: [...thinking.outages, ...known.all()] });
    const isFree =
      all.outcome !== 'wait' &&
      !(all.outcome === 'chosen' && known.all().some(({ engine }) => engine === all.engine.name));
    return isFree ? all : chooseEngine({ ...asked, outages: thinking.outages });
  };
  return (capability: keyof Capabilities, plan: string | null = null): Engine => {
    const choice = choose(capability, plan);
    if (choice.outcome === 'blocked') throw new AttemptFailed('blocker', choice.reason, choice.unblock);
    if (choice.outcome === 'wait') throw new AttemptFailed('transient', choice.reason, null, choice.until);
    const key = `${capability} ${choice.candidates.join()}`;
    if (last?.key !== key || last.engine !== choice.engine.name) noteChoice(attempt, capability, choice);
    last = { key, engine: choice.engine.name };
    return named(choice.engine);
  };
};
