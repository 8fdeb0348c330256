import { isDeepStrictEqual } from 'node:util';
import type { Workflow } from '#contracts';
import type { EventOf } from '#events';
import { newInvocation } from '../agents/invocation.ts';
import type { CommandOf } from '../command.ts';
import { type Context, type Evolvers, fact } from '../context.ts';
import { changeInvocation } from '../copy.ts';
import type { Invocation, Live, Route, Run } from '../run.ts';
import { type RouteInput, route } from './route.ts';

const WITH_CHILDREN: readonly Workflow[] = ['multi_task', 'decompose_first'];
/** Its work is done by runs of their own, one a task. */
export const hasChildren = (workflow: Workflow): boolean => WITH_CHILDREN.includes(workflow);
/** A task has no tasks of its own. A run of before there were any is asked for another workflow, as it was then. */
export const isRunnable = ({ submission: { parent, policy } }: Run, workflow: Workflow): boolean =>
  !hasChildren(workflow) || (parent === null && policy.childrenAtOnce > 0);

const askedOf = ({ submission: { goal, tasks, plan, workflow } }: Run): RouteInput => ({
  goal,
  tasks: tasks.map((task) => task.goal),
  hasPlan: plan !== null,
  requested: workflow,
});

export const decideRoute = (run: Live, { routing }: Context): EventOf<'route.decided'> | null => {
  if (run.route) return null;
  return fact('route.decided', { ...route(askedOf(run), routing), policyHash: run.submission.policy.hash });
};

/** The route of the text that is named, else of the goal; nothing where it is the route already. */
export const decideAgain = (
  run: Live,
  { goal: named, workflow }: CommandOf<'outside_route'>,
  { routing }: Context,
): readonly EventOf<'outside.routed'>[] => {
  const own = askedOf(run);
  const goal = named ?? own.goal;
  const asked = goal === own.goal ? own : { goal, tasks: [], hasPlan: false, requested: null };
  const decided = { ...route({ ...asked, requested: workflow ?? asked.requested }, routing), goal };
  if (isDeepStrictEqual(run.route, routeOf(run, decided))) return [];
  return [fact('outside.routed', { ...decided, policyHash: run.submission.policy.hash })];
};

/** True when a person must see the route before anything runs. */
const needsConfirmation = (run: Run, { workflow, confidence }: Route): boolean => {
  const { mode, confirm, policy, driver } = run.submission;
  if (driver === 'outside') return false;
  return !isRunnable(run, workflow) || (confirm && (mode === 'explicit' || confidence < policy.confirmThreshold));
};

/** A map for a backlog is drawn and left there: who runs the backlog says when it is built. */
const onlyDraws = ({ submission: { backlog } }: Run, workflow: Workflow): boolean =>
  workflow === 'decompose_first' && backlog !== null;

/**
 * Of a run that consists of tasks, its own agents: each task has the others for itself. Who drives a run from outside has
 * no such tasks, and drives all of them.
 */
const ownAgents = (run: Run, { workflow, agents }: Pick<Route, 'workflow' | 'agents'>): Route['agents'] => {
  if (run.submission.driver === 'outside') return agents;
  if (onlyDraws(run, workflow)) return agents.filter((role) => role === 'architect');
  return hasChildren(workflow) && isRunnable(run, workflow) ? agents.filter((role) => role !== 'planner') : agents;
};

/** Attempts are counted on: of a run that went back before its route, some of these places were taken before. */
const sequence = ({ invocations }: Run, agents: Route['agents']): readonly Invocation[] =>
  agents.map((role, index) => {
    const invocation = newInvocation(index + 1, role);
    const { attempt = 0 } = invocations.find(({ number }) => number === invocation.number) ?? {};
    return attempt > 0 ? changeInvocation(invocation, { attempt }) : invocation;
  });

const routeOf = ({ submission }: Run, { goal, ...decided }: Route & { readonly goal: string }): Route => ({
  ...decided,
  goal: goal === submission.goal ? null : goal,
});

export const routingEvolvers: Evolvers<'route.decided' | 'outside.routed' | 'route.overridden'> = {
  'route.decided': (run, { data: { policyHash: _policyHash, ...decided } }) => {
    const taken = { ...decided, goal: null };
    return {
      route: taken,
      routeConfirmed: !needsConfirmation(run, taken),
      invocations: sequence(run, ownAgents(run, decided)),
    };
  },
  'outside.routed': (run, { data: { policyHash: _policyHash, ...decided } }) => ({
    route: routeOf(run, decided),
    routeConfirmed: true,
    invocations: sequence(run, ownAgents(run, decided)),
  }),
  'route.overridden': (run, { data }) => ({
    route: run.route && { ...run.route, ...data },
    routeConfirmed: true,
    invocations: sequence(run, ownAgents(run, data)),
  }),
};

/** What a person chose instead. */
export const override = (workflow: Workflow, { routing }: Context): EventOf<'route.overridden'> =>
  fact('route.overridden', { workflow, agents: [...routing.agents[workflow]] });
