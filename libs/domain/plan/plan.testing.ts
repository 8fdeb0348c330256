import type * as z from 'zod';
import { Plan } from '#contracts';

type StepInput = Partial<z.input<typeof Plan>['steps'][number]> & { readonly id: string };

const checked = [{ criterion: 'it passes', verification: { type: 'command' as const, command: 'npm test' } }];

/** A sound plan with these steps: each is checked by a command unless it says otherwise. */
export const planOf = (steps: readonly StepInput[], rest: Partial<z.input<typeof Plan>> = {}): Plan =>
  Plan.parse({
    id: 'bp_1',
    task_id: 'task_1',
    goal: 'Add a health endpoint',
    acceptance_criteria: [
      { id: 'AC-1', criterion: 'it answers', priority: 'must', verification: { type: 'command', command: 'npm test' } },
    ],
    ...rest,
    steps: steps.map((step) => ({ name: `do ${step.id}`, action: 'do it', success_criteria: checked, ...step })),
  });
