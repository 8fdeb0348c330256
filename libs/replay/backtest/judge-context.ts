import { overHardLimit, pressureOf, type Usage, usageOf } from '#context';
import type { BacktestChange, ContextPolicy } from '#contracts';
import type { EventOf, RecordedOf } from '#events';

type Seen = Extract<BacktestChange, { what: 'context' }>['recorded'];
type Actions = EventOf<'context.optimised'>['data']['actions'];

export interface JudgedContext {
  readonly recorded: Seen;
  readonly policy: Seen;
}

/** Tokens of a call before space was made for it. */
const beforeSpace = (given: Usage, actions: Actions): Usage => {
  const freed = usageOf(actions.map(({ pool, freed: tokens }) => ({ pool, tokens })));
  return usageOf(
    (Object.keys(given) as (keyof Usage)[]).map((pool) => ({ pool, tokens: given[pool] + freed[pool] })), // its keys are the pools
  );
};

const seen = (given: Usage, actions: Actions, policy: ContextPolicy): Seen => {
  const wanted = beforeSpace(given, actions);
  const pressure = pressureOf(wanted, policy);
  return {
    pressure,
    // At a warning space is made when there is time for it; only critical pressure forces it.
    optimises: pressure === 'critical' || (actions.length > 0 && pressure === 'warning'),
    // What was given is what was left; whether more could have been freed nobody knows.
    over: [...overHardLimit(given, policy)],
  };
};

/** What a call of an agent was given, under both limits. */
export const judgeContext = (
  event: RecordedOf<'context.given'>,
  actions: Actions,
  limits: { readonly recorded: ContextPolicy; readonly policy: ContextPolicy },
): JudgedContext => {
  const given = usageOf(event.data.pieces);
  return {
    recorded: { ...seen(given, actions, limits.recorded), optimises: actions.length > 0 },
    policy: seen(given, actions, limits.policy),
  };
};
