import type { MapTask, Task } from '#contracts';
import type { EventOf } from '#events';
import { type Context, fact } from '../context.ts';
import { needsApproval } from '../interactions/map-question.ts';
import { taskChecks } from '../map/task-checks.ts';
import { taskGoal } from '../map/task-goal.ts';
import { lexiconOf } from '../routing/lexicon.ts';
import { tasksIn } from '../routing/task-list.ts';
import { currentInvocation, type Live } from '../run.ts';
import { isParent } from './family.ts';

/** The longest goal that a run takes. */
const MOST_CHARACTERS = 16_000;

/** A task of a map, as a run has it. */
export const taskOfMap = (task: MapTask): Task => ({
  id: task.id,
  goal: taskGoal(task).slice(0, MOST_CHARACTERS).trimEnd(),
  depends_on: task.depends_on.map((other) => ({ task: other, policy: 'all' })),
  files: task.files,
  ...taskChecks(task),
  plan: task.plan,
});

/** The tasks that came with the goal, else those that its text lists, else the goal itself as the only one. */
const tasksOfGoal = ({ submission: { goal, tasks, plan } }: Live, { routing }: Context): readonly Task[] => {
  if (tasks.length > 0) return tasks;
  const bare = { depends_on: [], files: [] };
  const listed = tasksIn(goal, lexiconOf(routing));
  return listed.length > 0
    ? listed.map((text, index) => ({ id: `T${index + 1}`, goal: text, plan: null, ...bare }))
    : [{ id: 'T1', goal, plan, ...bare }];
};

/** What a parent's tasks are, once it is settled: its route, and the architect's map where it takes one. */
export const planChildren = (run: Live, context: Context): EventOf<'children.planned'> | null => {
  if (run.children.length > 0 || !run.routeConfirmed || !isParent(run)) return null;
  if (currentInvocation(run)?.role !== 'builder') return null;
  const { sequential, policy } = run.submission;
  const atOnce = sequential ? 1 : policy.childrenAtOnce;
  if (run.route?.workflow === 'multi_task')
    return fact('children.planned', { tasks: [...tasksOfGoal(run, context)], atOnce });
  return run.map && !needsApproval(run)
    ? fact('children.planned', { tasks: run.map.tasks.map(taskOfMap), atOnce })
    : null;
};
