import type { Plan, Task } from '#contracts';
import type { Recorded } from '#events';
import { firstLine } from './words.ts';

/** What a line about an event needs to know of the events before it. */
export interface Progress {
  readonly steps: ReadonlyMap<string, { readonly number: number; readonly name: string }>;
  /** Tries so far, by step and by gate. */
  readonly tries: ReadonlyMap<string, number>;
  /** The tasks of a run that has any, in their order. */
  readonly tasks: ReadonlyMap<string, { readonly goal: string; readonly at: 'pending' | 'running' | 'ended' }>;
  readonly startedAt: string | null;
  readonly goal: string | null;
}

export const noProgress: Progress = {
  steps: new Map(),
  tries: new Map(),
  tasks: new Map(),
  startedAt: null,
  goal: null,
};

const stepsOf = (plan: Plan): Progress['steps'] =>
  new Map(plan.steps.map(({ id, name }, index) => [id, { number: index + 1, name }]));

const tasksOf = (tasks: readonly Task[]): Progress['tasks'] =>
  new Map(tasks.map(({ id, goal }) => [id, { goal: firstLine(goal), at: 'pending' as const }]));

const taskIs = (progress: Progress, id: string, at: 'running' | 'ended'): Progress => {
  const task = progress.tasks.get(id);
  return task ? { ...progress, tasks: new Map([...progress.tasks, [id, { ...task, at }]]) } : progress;
};

const tried = (progress: Progress, key: string, times: number): Progress => ({
  ...progress,
  tries: new Map([...progress.tries, [key, times]]),
});

export const advance = (progress: Progress, event: Recorded): Progress => {
  switch (event.type) {
    case 'goal.submitted': {
      const { plan, goal } = event.data;
      return { ...progress, goal, startedAt: event.time, steps: plan ? stepsOf(plan) : progress.steps };
    }
    case 'plan.created':
      return { ...progress, steps: stepsOf(event.data.plan) };
    case 'step.started':
    case 'step.tried':
    case 'step.succeeded':
      return tried(progress, event.data.step, event.data.try);
    case 'gate.passed':
    case 'gate.failed':
      return tried(progress, event.data.gate, event.data.try);
    case 'children.planned':
      return { ...progress, tasks: tasksOf(event.data.tasks) };
    case 'child.started':
      return taskIs(progress, event.data.task, 'running');
    case 'child.ended':
    case 'child.skipped':
      return taskIs(progress, event.data.task, 'ended');
    default:
      return progress;
  }
};

/** `2/5 Add the route`: where a step stands in the plan, and its name. */
export const stepLabel = ({ steps }: Progress, id: string): string => {
  const step = steps.get(id);
  return step ? `${step.number}/${steps.size} ${step.name}` : id;
};

const tasksThatAre = ({ tasks }: Progress, state: string): readonly string[] =>
  [...tasks].flatMap(([id, { at }]) => (at === state ? [id] : []));

/** `3/8 T2 Add the route`: how many have ended with this one, and its goal. */
export const taskLabel = (progress: Progress, id: string): string => {
  const { tasks } = progress;
  return `${tasksThatAre(progress, 'ended').length}/${tasks.size} ${id} ${tasks.get(id)?.goal ?? ''}`.trimEnd();
};

/** Names that fit on a line. */
const MOST_NAMES = 8;

const tasksActivity = (progress: Progress): string => {
  const running = tasksThatAre(progress, 'running');
  const named = running.slice(0, MOST_NAMES).join(', ');
  const done = `${tasksThatAre(progress, 'ended').length} of ${progress.tasks.size} tasks ended`;
  if (running.length === 0) return done;
  return `${done}; at work: ${named}${running.length > MOST_NAMES ? `, and ${running.length - MOST_NAMES} more` : ''}`;
};

/** What goes on after this event, for a spinner; `null` where it says nothing new. */
export const activity = (progress: Progress, event: Recorded): string | null => {
  switch (event.type) {
    case 'agent.dispatched':
      return event.data.role === 'planner' ? 'planning' : `waiting for a ${event.data.role}`;
    case 'agent.started':
      return event.actor === 'agent:builder' ? 'preparing the workspace' : null;
    case 'workspace.prepared':
      return 'setting the workspace up and running the gates on the base';
    case 'gates.discovered':
      return 'starting the first step';
    case 'step.started': {
      const { step, try: number } = event.data;
      return `${stepLabel(progress, step)}${number > 1 ? ` (try ${number})` : ''}`;
    }
    case 'step.succeeded':
    case 'acceptance.checked':
    case 'gate.passed':
      return 'checking';
    // What an agent said before is over; what is checked now, or corrected, is told when it takes a while.
    case 'step.tried':
      return `${stepLabel(progress, event.data.step)}: a check is red`;
    case 'gate.failed':
      return `correcting what gate ${event.data.gate} found`;
    case 'agent.progressed':
      return event.data.message;
    case 'child.started':
    case 'child.ended':
    case 'child.skipped':
      return tasksActivity(progress);
    default:
      return null;
  }
};
