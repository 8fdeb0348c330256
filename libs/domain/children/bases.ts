import type { Child, Run } from '../run.ts';
import { completedChildren } from './family.ts';
import { shareFiles } from './share-files.ts';

/** Commits whose work went into this one directly: bases of the task that made it, tasks merged into the run's own tree. */
const wentInto = (run: Run, commit: string): readonly string[] =>
  run.children.flatMap((child) => [
    ...(child.commit === commit ? child.bases : []),
    ...(commit === run.commit && child.merged !== null && child.commit !== null ? [child.commit] : []),
  ]);

/** The commits whose work is in this one, as far as the bases of tasks tell: itself among them. */
const workIn = (run: Run, commit: string): ReadonlySet<string> => {
  const found = new Set([commit]);
  // A set goes on with what is added while it is walked.
  for (const outer of found) for (const inner of wentInto(run, outer)) found.add(inner);
  return found;
};

/** Of these commits, those whose work is in no other of them; each once. */
const withoutContained = (run: Run, commits: readonly string[]): readonly string[] => {
  const distinct = [...new Set(commits)];
  const contained = new Set(distinct.flatMap((outer) => [...workIn(run, outer)].filter((inner) => inner !== outer)));
  return distinct.filter((commit) => !contained.has(commit));
};

/** The commit that the whole run builds on: its own, or where the first of its tasks began. */
export const baseOf = ({ workspace, children }: Run): string | null =>
  workspace?.base ?? children.find(({ bases, base }) => bases.length === 0 && base !== null)?.base ?? null;

/** The merged tree, once there is one. */
const mergedSoFar = ({ commit, children }: Run): readonly string[] =>
  commit !== null && children.some(({ merged }) => merged !== null) ? [commit] : [];

/**
 * What a task builds on: the work of all it depends on, of those before it that declare the same files, and in a
 * sequence of all that are done. Empty while nobody knows a commit: then it begins at HEAD.
 */
export const basesOf = (run: Run, { task }: Child): readonly string[] => {
  const needs = new Set(task.depends_on.map((edge) => edge.task));
  const isNeeded = (other: Child): boolean =>
    run.submission.sequential || needs.has(other.task.id) || shareFiles(task, other.task);
  const done = completedChildren(run).filter((other) => other.task.id !== task.id && isNeeded(other));
  const found = withoutContained(run, [...mergedSoFar(run), ...done.flatMap(({ commit }) => commit ?? [])]);
  const base = found.length === 0 ? baseOf(run) : null;
  return base === null ? found : [base];
};

/** Whether it was told to build on this work, or on something that has it in it. */
export const buildsOn = (run: Run, { bases }: Child, commit: string): boolean =>
  bases.some((base) => workIn(run, base).has(commit));

/** Finished tasks, not merged yet, whose work holds the work of this one. */
export const builtOn = (run: Run, task: string): readonly string[] => {
  const commit = run.children.find((child) => child.task.id === task)?.commit;
  if (!commit) return [];
  return completedChildren(run)
    .filter((other) => other.task.id !== task && other.merged === null)
    .filter((other) => buildsOn(run, other, commit))
    .map((other) => other.task.id);
};
