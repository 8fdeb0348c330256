import type { Goal, Usage } from '#contracts';

/** What a call of the engine in `paid-engine.mjs` used: 1,250 tokens. */
export const usage = (costUsd: number | null, change: Partial<Usage> = {}) => ({
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  input_tokens: 1_200,
  cached_tokens: 200,
  output_tokens: 50,
  cost_usd: costUsd,
  ...change,
});
/** Steps that it does, one after the other. */
export const planOf = (goal: string, steps: number): NonNullable<Goal['plan']> => ({
  id: `bp_${steps}`,
  task_id: 'paid',
  goal,
  acceptance_criteria: [],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
  steps: Array.from({ length: steps }, (_, index) => ({
    id: `step_${index + 1}`,
    name: `Do ${index + 1}`,
    action: 'do it',
    success_criteria: [
      {
        criterion: 'it is there',
        verification: { type: 'file_exists' as const, path: `${goal.replaceAll(' ', '-')}-step_${index + 1}.txt` },
      },
    ],
    depends_on: index === 0 ? [] : [`step_${index}`],
  })),
});
