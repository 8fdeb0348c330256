import type { Result } from '#contracts';
import type { Ended, Run } from './run.ts';

const checksOf = ({ steps, criteria }: Run): Result['checks'] => {
  const all = [
    ...steps.flatMap(({ checks }) => checks.map(({ passed }) => passed)),
    ...criteria.map(({ status }) => status === 'passed'),
  ];
  const passed = all.filter(Boolean).length;
  return { passed, failed: all.length - passed };
};

/** The one result of a run: what was done, and what was checked. */
export const resultOf = (run: Ended): Result => ({
  branch: run.workspace?.branch ?? null,
  base: run.workspace?.base ?? null,
  commit: run.commit,
  files_changed: [...run.files],
  commits: run.steps.flatMap(({ id, commit }) => (commit ? [{ step: id, commit }] : [])),
  checks: checksOf(run),
  gates: run.gates.map(({ gate, command, status, tries }) => ({ gate, command, status, tries })),
  criteria: run.criteria.map(({ id, criterion, priority, status }) => ({ id, criterion, priority, status })),
  steps: {
    completed: run.steps.filter(({ status }) => status === 'completed').length,
    skipped: run.steps.filter(({ status }) => status === 'skipped').length,
    total: run.steps.length,
  },
  retries: run.retries,
  duration_ms: Date.parse(run.outcome.time) - Date.parse(run.createdAt),
  sandbox: run.workspace?.sandbox ?? 'none',
  head_hash: run.head.hash,
});
