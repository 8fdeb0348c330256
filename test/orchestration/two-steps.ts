import { type EngineMessage, type EngineRequestDocument, Plan, type PlanStep } from '#contracts';

/** A plan of two steps, and what an engine of a script answers to plan and carry it out. */

export type Answer = EngineMessage & { readonly files?: Readonly<Record<string, string>> };
export type Script = Partial<Record<EngineRequestDocument['kind'], readonly Answer[]>>;

export const step = (id: string): PlanStep => ({
  id,
  name: `Do ${id}`,
  action: `do ${id}`,
  success_criteria: [{ criterion: `${id} is there`, verification: { type: 'command', command: `test -f ${id}.txt` } }],
  depends_on: id === 'step_1' ? [] : ['step_1'],
});
export const planned = {
  type: 'plan',
  plan: {
    acceptance_criteria: [],
    quality_gates: { lint: false, typecheck: false, test: false, security: false },
    steps: [step('step_1'), step('step_2')],
  },
  cautions: [],
} satisfies Answer;
export const does = (...ids: readonly string[]): readonly Answer[] =>
  ids.map((id) => ({ type: 'done', summary: 'did it', files: { [`${id}.txt`]: `${id}\n` } }));

export const criterion = (id: string, command: string) => ({
  id,
  criterion: `${id} holds`,
  priority: 'must' as const,
  verification: { type: 'command' as const, command },
});

export const twoSteps = Plan.parse({ ...planned.plan, id: 'bp_two', task_id: 'T1', goal: 'Do two things' });
