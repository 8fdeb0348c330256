import type { BacktestChange } from '#contracts';
import { evolve, follow, type Live, type RoutingPolicy } from '#domain';
import type { RecordedOf } from '#events';
import { contextOf } from '../decision-context.ts';
import { firstDifference } from '../difference.ts';

type RouteEvent = RecordedOf<'route.decided'>;
type Seen = Extract<BacktestChange, { what: 'route' }>['recorded'];

export interface JudgedRoute {
  readonly recorded: Seen;
  readonly policy: Seen;
  /** Today's code decides it differently under the recorded policy. */
  readonly drifted: boolean;
}

const seen = (run: Live, event: RouteEvent): Seen => {
  const { workflow, complexity, agents, confidence, signals } = event.data;
  const after = evolve(run, event);
  return {
    workflow,
    complexity,
    agents: [...agents],
    confidence,
    asks: after.lifecycle === 'live' && !after.routeConfirmed,
    signals: signals.map(({ role, word }) => `${role} "${word}"`),
  };
};

const decidedBy = (run: Live, event: RouteEvent, routing: RoutingPolicy): RouteEvent['data'] | null => {
  const next = follow(run, contextOf(event, routing));
  return next?.type === 'route.decided' ? next.data : null;
};

/** One decision under both policies: the recorded one again, and the other from the same state. */
export const judgeRoute = (
  event: RouteEvent,
  run: { readonly recorded: Live; readonly policy: Live },
  routing: { readonly recorded: RoutingPolicy; readonly policy: RoutingPolicy | null },
): JudgedRoute => {
  const again = decidedBy(run.recorded, event, routing.recorded);
  const other = routing.policy === null ? event.data : decidedBy(run.policy, event, routing.policy);
  const recorded = seen(run.recorded, event);
  if (again === null || other === null || firstDifference(event.data, again, new Set()))
    return { recorded, policy: recorded, drifted: true };
  return { recorded, policy: seen(run.policy, { ...event, data: other }), drifted: false };
};
