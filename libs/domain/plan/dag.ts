import type { Plan, PlanStep } from '#contracts';

export type StepStatus = 'pending' | 'active' | 'completed' | 'failed' | 'skipped';

/** What waits for others of its kind: the steps of a plan, the tasks of a map. */
interface Graph<Step extends Dependent> {
  readonly steps: readonly Step[];
}
interface Dependent {
  readonly id: string;
  readonly depends_on: readonly string[];
}

const isDone = (status: StepStatus): boolean => status === 'completed' || status === 'skipped';

/** Steps that can run now, in the plan's order: themselves not done, with all that they depend on done. */
export const readySteps = (plan: Plan, statusOf: (id: string) => StepStatus): readonly PlanStep[] =>
  plan.steps.filter(({ id, depends_on }) => {
    const status = statusOf(id);
    return (status === 'pending' || status === 'active') && depends_on.every((other) => isDone(statusOf(other)));
  });

/** Dependencies on other steps of the plan, each once. On itself or on nothing known: those are problems of their own. */
const dependenciesOf = (plan: Graph<Dependent>): ReadonlyMap<string, readonly string[]> => {
  const known = new Set(plan.steps.map(({ id }) => id));
  return new Map(
    plan.steps.map(({ id, depends_on }) => [
      id,
      [...new Set(depends_on)].filter((other) => other !== id && known.has(other)),
    ]),
  );
};

const dependentsOf = (dependencies: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> => {
  const dependents = new Map<string, string[]>();
  for (const [id, others] of dependencies)
    for (const other of others) dependents.set(other, [...(dependents.get(other) ?? []), id]);
  return dependents;
};

/**
 * All steps, each after those it depends on; of several that could come next, the plan's first.
 * Steps on a cycle, or behind one, are left out.
 */
export const topologicalOrder = <Step extends Dependent>(plan: Graph<Step>): readonly Step[] => {
  const dependencies = dependenciesOf(plan);
  const dependents = dependentsOf(dependencies);
  const position = new Map(plan.steps.map(({ id }, index) => [id, index]));
  const missing = new Map([...dependencies].map(([id, others]) => [id, others.length]));
  const ready = new Set(plan.steps.flatMap(({ id }, index) => (missing.get(id) === 0 ? [index] : [])));
  const order: Step[] = [];
  while (ready.size > 0) {
    const next = Math.min(...ready);
    ready.delete(next);
    const step = plan.steps[next];
    if (!step) break;
    order.push(step);
    for (const id of dependents.get(step.id) ?? []) {
      const left = (missing.get(id) ?? 0) - 1;
      missing.set(id, left);
      if (left === 0) ready.add(position.get(id) ?? 0);
    }
  }
  return order;
};

/** One cycle as a path that ends where it began (`a`, `b`, `a`), or `null`. Walks without recursion: plans can be long chains. */
export const findCycle = (plan: Graph<Dependent>): readonly string[] | null => {
  const ordered = new Set(topologicalOrder(plan).map(({ id }) => id));
  const dependencies = dependenciesOf(plan);
  // A step that was left out depends on another that was: following those must come back to one already seen.
  const stuck = plan.steps.find(({ id }) => !ordered.has(id));
  const path: string[] = [];
  for (let at = stuck?.id; at !== undefined; ) {
    const seen = path.indexOf(at);
    if (seen >= 0) return [...path.slice(seen), at];
    path.push(at);
    at = dependencies.get(at)?.find((other) => !ordered.has(other));
  }
  return null;
};
