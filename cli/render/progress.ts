import type { Plan } from '#contracts';
import type { Recorded } from '#events';

/** What a line about an event needs to know of the events before it. */
export interface Progress {
  readonly steps: ReadonlyMap<string, { readonly number: number; readonly name: string }>;
  /** Tries so far, by step and by gate. */
  readonly tries: ReadonlyMap<string, number>;
  readonly startedAt: string | null;
  readonly goal: string | null;
}

export const noProgress: Progress = { steps: new Map(), tries: new Map(), startedAt: null, goal: null };

const stepsOf = (plan: Plan): Progress['steps'] =>
  new Map(plan.steps.map(({ id, name }, index) => [id, { number: index + 1, name }]));

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
    default:
      return progress;
  }
};

/** `2/5 Add the route`: where a step stands in the plan, and its name. */
export const stepLabel = ({ steps }: Progress, id: string): string => {
  const step = steps.get(id);
  return step ? `${step.number}/${steps.size} ${step.name}` : id;
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
      return 'checking';
    case 'agent.progressed':
      return event.data.message;
    default:
      return null;
  }
};
