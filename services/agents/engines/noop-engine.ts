import { type Plan, ProjectMap } from '#contracts';
import type { Engine } from './engine.ts';

const planNothing = (goal: string, taskId: string): Plan => ({
  id: 'bp_noop',
  task_id: taskId,
  goal,
  acceptance_criteria: [],
  steps: [
    {
      id: 'step_1',
      name: 'Do nothing',
      action: 'Nothing is changed.',
      success_criteria: [
        { criterion: 'there is a place to work in', verification: { type: 'file_exists', path: '.' } },
      ],
      depends_on: [],
    },
  ],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
});

/**
 * Plans one step that does nothing and does it: what is left is the cost of the orchestration itself. For benchmarks
 * and for tests of everything around an engine.
 */
export const createNoopEngine = (): Engine => ({
  name: 'noop',
  reads: false,
  can: { plan: true, work: true, decompose: true },
  async plan({ goal, taskId }, { signal, progress }) {
    signal.throwIfAborted();
    progress('planning nothing');
    return { outcome: 'planned', plan: planNothing(goal, taskId), source: 'noop', cautions: [] };
  },
  async decompose({ goal }, { signal, progress }) {
    signal.throwIfAborted();
    progress('cutting nothing into two');
    const first = { title: 'Do nothing', plan: planNothing(goal, 'T1') };
    const then = { title: 'Do nothing again', depends_on: ['T1'], plan: planNothing(goal, 'T2') };
    const map = ProjectMap.parse({
      tasks: [
        { id: 'T1', ...first },
        { id: 'T2', ...then },
      ],
    });
    return { outcome: 'decomposed', map, source: 'noop', cautions: [] };
  },
  async work(_request, { signal, progress }) {
    signal.throwIfAborted();
    progress('doing nothing');
    return { outcome: 'done', summary: 'nothing to do' };
  },
});
