import type { Result } from '#contracts';
import { resultsOfTasks, sumResults, tally } from './children/task-results.ts';
import { enginesDocument } from './engines/engines-document.ts';
import { totalSpend } from './money/spend.ts';
import type { Ended, Run } from './run.ts';
import { criteriaDocument } from './steps/criteria-document.ts';

const checksOf = ({ steps, criteria }: Run): Result['checks'] => {
  const all = [
    ...steps.flatMap(({ checks }) => checks.map(({ passed }) => passed)),
    ...criteria.map(({ status }) => status === 'passed'),
  ];
  const passed = all.filter(Boolean).length;
  return { passed, failed: all.length - passed };
};

const ownResults = (run: Run) => ({
  checks: checksOf(run),
  steps: {
    completed: run.steps.filter(({ status }) => status === 'completed').length,
    skipped: run.steps.filter(({ status }) => status === 'skipped').length,
    total: run.steps.length,
  },
  retries: run.retries,
});

const commitsOf = ({ steps, children }: Run): Result['commits'] => [
  ...children.flatMap(({ task, commit, merged }) => (commit && merged ? [{ step: task.id, commit }] : [])),
  ...steps.flatMap(({ id, commit }) => (commit ? [{ step: id, commit }] : [])),
];

/** The one result of a run: what was done, and what was checked. Of several tasks it has the sum. */
export const resultOf = (run: Ended): Result => ({
  ...sumResults([ownResults(run), resultsOfTasks(run)]),
  branch: run.workspace?.branch ?? null,
  base: run.workspace?.base ?? null,
  commit: run.commit,
  files_changed: [...run.files],
  commits: commitsOf(run),
  gates: run.gates.map(({ gate, command, status, tries }) => ({ gate, command, status, tries })),
  criteria: criteriaDocument(run),
  tasks: tally(run),
  cost_usd: totalSpend(run).usd,
  duration_ms: Date.parse(run.outcome.time) - Date.parse(run.createdAt),
  engines: enginesDocument(run),
  sandbox: run.workspace?.sandbox ?? 'none',
  head_hash: run.head.hash,
});
