import type { RouteDocument, TaskInput } from '#contracts';
import { absent, conclude, type RoutingPolicy, type Run } from '#domain';
import type { EventOf, Policy } from '#events';
import { submissionOf } from '#orchestrations';

type Submission = EventOf<'goal.submitted'>['data'];

/** The run as a submit would leave it, recorded nowhere. */
export const runOf = (submission: Submission, routing: RoutingPolicy): Run => {
  const context = { stream: '', now: new Date(0).toISOString(), draw: 0, actor: 'client', routing };
  const { after } = conclude(absent, { type: 'submit', submission }, context);
  if (after.lifecycle === 'absent') throw new Error('a goal was submitted and there is no run');
  return after;
};

/** The decision of a run, without what it led to. */
export const routeOf = ({ submission, route }: Run): RouteDocument => {
  if (!route) throw new Error('a goal was submitted and no route decided');
  const { agents, signals, skills, workflow, complexity, confidence } = route;
  return {
    goal: submission.goal,
    workflow,
    complexity,
    agents: [...agents],
    confidence,
    signals: signals.map(({ word, role, pointsTo }) => ({ word, role, points_to: pointsTo })),
    skills: [...skills],
  };
};

export interface RouteGoalOptions {
  readonly policy: Policy;
  readonly routing: RoutingPolicy;
  readonly tasks: readonly TaskInput[];
}

/** The decision that a submit of this goal would record, recorded nowhere. */
export const routeGoal = (goal: string, { policy, routing, tasks }: RouteGoalOptions): RouteDocument =>
  routeOf(runOf(submissionOf({ goal, tasks: [...tasks], mode: 'explicit' }, { trigger: 'client' }, policy), routing));
