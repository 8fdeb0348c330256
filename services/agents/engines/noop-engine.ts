import type { Engine } from './engine.ts';

/**
 * Plans one step that does nothing and does it: what is left is the cost of the orchestration itself. For benchmarks
 * and for tests of everything around an engine.
 */
export const createNoopEngine = (): Engine => ({
  name: 'noop',
  can: { plan: true, work: true },
  async plan({ goal, taskId }, { signal, progress }) {
    signal.throwIfAborted();
    progress('planning nothing');
    const check = { type: 'file_exists', path: '.' } as const;
    return {
      outcome: 'planned',
      plan: {
        id: 'bp_noop',
        task_id: taskId,
        goal,
        acceptance_criteria: [],
        steps: [
          {
            id: 'step_1',
            name: 'Do nothing',
            action: 'Nothing is changed.',
            success_criteria: [{ criterion: 'there is a place to work in', verification: check }],
            depends_on: [],
          },
        ],
        quality_gates: { lint: false, typecheck: false, test: false, security: false },
      },
      source: 'noop',
      cautions: [],
    };
  },
  async work(_request, { signal, progress }) {
    signal.throwIfAborted();
    progress('doing nothing');
    return { outcome: 'done', summary: 'nothing to do' };
  },
});
