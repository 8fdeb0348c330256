import type { RouteDocument, TaskInput } from '#contracts';
import { absent, decide, type RoutingPolicy } from '#domain';
import type { Policy } from '#events';
import { submissionOf } from '#orchestrations';

export interface RouteGoalOptions {
  readonly policy: Policy;
  readonly routing: RoutingPolicy;
  readonly tasks: readonly TaskInput[];
}

/** The decision that a submit of this goal would record, recorded nowhere. */
export const routeGoal = (goal: string, { policy, routing, tasks }: RouteGoalOptions): RouteDocument => {
  const submission = submissionOf({ goal, tasks: [...tasks], mode: 'explicit' }, { trigger: 'client' }, policy);
  const context = { stream: '', now: new Date(0).toISOString(), draw: 0, actor: 'client', routing };
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
