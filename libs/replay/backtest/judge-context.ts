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

/** A call, with what was done to make space for it. */
export interface ContextCall {
  readonly event: RecordedOf<'context.given' | 'context.refused'>;
  readonly actions: Actions;
  /** The first of its lease finds the agent idle: space is made from the warning on, later only where it must be. */
  readonly isFirst: boolean;
}

const seen = ({ event, actions, isFirst }: ContextCall, policy: ContextPolicy): Seen => {
  const given = usageOf(event.data.pieces);
  const pressure = pressureOf(beforeSpace(given, actions), policy);
  return {
    pressure,
    optimises: pressure === 'critical' || (isFirst && pressure === 'warning'),
    // What was given is what was left; whether more could have been freed nobody knows.
    over: [...overHardLimit(given, policy)],
  };
};

/** What a call of an agent was given, under both limits. */
export const judgeContext = (
  call: ContextCall,
  limits: { readonly recorded: ContextPolicy; readonly policy: ContextPolicy },
): JudgedContext => ({ recorded: seen(call, limits.recorded), policy: seen(call, limits.policy) });
