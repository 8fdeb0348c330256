import { type AcceptanceCriterion, Gate, type Plan } from '#contracts';
import { type Child, type Ended, resultOf, type State, sumResults, type TaskResults } from '#domain';
import type { Build } from './build.ts';

/** A finished task, and the run that did it. */
export interface FinishedTask {
  readonly child: Child;
  readonly run: Ended;
}

const isEnded = (state: State): state is Ended => state.lifecycle === 'ended';

/** The tasks whose work is in the tree, or comes into it. */
export const finishedTasks = async ({ attempt }: Build): Promise<readonly FinishedTask[]> => {
  const completed = attempt.run().children.filter(({ status }) => status === 'completed');
  const found = await Promise.all(
    completed.map(async (child) => ({ child, run: child.id === null ? null : await attempt.stateOf(child.id) })),
  );
  return found.flatMap(({ child, run }) => (run && isEnded(run) ? [{ child, run }] : []));
};

/** What each task had to fulfil, under its name: all of it has to hold still when all are together. */
export const criteriaOfTasks = (tasks: readonly FinishedTask[]): readonly AcceptanceCriterion[] =>
  tasks.flatMap(({ child, run }) =>
    (run.plan?.plan.acceptance_criteria ?? []).map((criterion) => ({
      ...criterion,
      id: `${child.task.id} ${criterion.id}`,
    })),
  );

/** A gate that a plan names goes before what the repository has; one that every plan leaves out is left out. */
const gatesOf = (plans: readonly Plan[]): Plan['quality_gates'] =>
  Object.fromEntries(
    Gate.options.map((gate) => {
      const planned = plans.map(({ quality_gates }) => quality_gates[gate]);
      const command = planned.find((entry) => typeof entry === 'string');
      return [gate, command ?? !(planned.length > 0 && planned.every((entry) => entry === false))];
    }),
  );

const stepOf = ({ child: { task }, run }: FinishedTask): Plan['steps'][number] => ({
  id: task.id,
  name: `${task.id}: ${task.goal.split('\n', 1)[0]}`.slice(0, 200),
  action: task.goal,
  success_criteria: (run.plan?.plan.acceptance_criteria ?? []).map(({ criterion, verification }) => ({
    criterion,
    verification,
  })),
  depends_on: [],
});

/** A run of tasks has no plan of its own. Whoever corrects the merged tree is told of this one: a step a task. */
export const planOfTasks = ({ attempt }: Build, tasks: readonly FinishedTask[]): Plan => ({
  id: `bp_${attempt.id}`,
  task_id: attempt.id,
  goal: attempt.run().submission.goal,
  acceptance_criteria: [],
  steps: tasks.map(stepOf),
  quality_gates: gatesOf(tasks.flatMap(({ run }) => run.plan?.plan ?? [])),
});

/** What the runs of the tasks did, for the one result. */
export const resultsOf = (tasks: readonly FinishedTask[]): TaskResults =>
  sumResults(
    tasks.map(({ run }) => {
      const { checks, steps, retries } = resultOf(run);
      return { checks, steps, retries };
    }),
  );
