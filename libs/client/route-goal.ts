import type { RouteDocument } from '#contracts';
import { absent, decide, type RoutingPolicy } from '#domain';
import type { Event, Policy } from '#events';

export interface RouteGoalOptions {
  readonly policy: Policy;
  readonly routing: RoutingPolicy;
  readonly tasks: readonly string[];
}

/** The decision that a submit of this goal would record, recorded nowhere. */
export const routeGoal = (goal: string, { policy, routing, tasks }: RouteGoalOptions): RouteDocument => {
  const submission: Extract<Event, { type: 'goal.submitted' }>['data'] = {
    goal,
    mode: 'explicit',
    confirm: true,
    trigger: 'client',
    workspace: null,
    includeDirty: false,
    workflow: null,
    tasks: [...tasks],
    plan: null,
    planSource: null,
    engine: null,
    checks: [],
    priority: 3,
    labels: {},
    policy,
  };
  const context = { now: new Date(0).toISOString(), draw: 0, actor: 'client', routing };
  for (const event of decide(absent, { type: 'submit', submission }, context)) {
    if (event.type !== 'route.decided') continue;
    const { agents, signals, skills, workflow, complexity, confidence } = event.data;
    return {
      goal,
      workflow,
      complexity,
      agents,
      confidence,
      signals: signals.map(({ word, role, pointsTo }) => ({ word, role, points_to: pointsTo })),
      skills,
    };
  }
  throw new Error('a goal was submitted and no route decided');
};
