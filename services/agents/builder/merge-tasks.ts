import type { FailureCategory } from '#contracts';
import { type Child, toMerge } from '#domain';
import type { Workspace } from '#workspace';
import type { Build } from './build.ts';

type Merge = Awaited<ReturnType<Workspace['merge']>>;

/** Merges are noted, and stored together: at most so much of them is done again when this worker dies. */
const STORE_EVERY_MS = 1_000;

const messageOf = ({ task, id }: Child, run: string): string =>
  `Merge ${task.id}: ${task.goal.split('\n', 1)[0]?.slice(0, 100)}\n\n${id}, a task of ${run}`;

/** Why a finished task cannot be taken in as it is: it has to be done again, on what is merged so far. */
const problemOf = ({ task, commit }: Child, merge: Exclude<Merge, { outcome: 'merged' }>): string =>
  merge.outcome === 'missing'
    ? `${task.id} cannot be merged: its commit ${commit} is not in the repository any more`
    : `${task.id} does not merge: conflict in ${merge.files.join(', ')}`;

const refuse = async (
  { attempt, equipment }: Build,
  child: Child,
  merge: Exclude<Merge, { outcome: 'merged' }>,
): Promise<void> => {
  const category: FailureCategory = 'design_flaw';
  const failure = equipment.classifier.ofText(problemOf(child, merge), { category });
  await attempt.reportFailure({ fact: 'agent.failed', failure, task: child.task.id });
};

/** Pinned before the log names it. Whatever was merged before is among its ancestors, and so are the works of the tasks. */
const store = async ({ attempt }: Build, workspace: Workspace): Promise<void> => {
  const merged = attempt.run().children.filter((child) => child.merged !== null).length;
  await workspace.pin(workspace.head(), merged + 1);
  await attempt.report();
};

/**
 * Brings the work of finished tasks into the tree, in their order, from where the last lease got to. The first that does
 * not merge is told as such, and ends this attempt.
 */
export const mergeTasks = async (build: Build): Promise<void> => {
  const { attempt, desk } = build;
  const { workspace, context } = desk;
  const pending = toMerge(attempt.run());
  if (!workspace || pending.length === 0) return;
  let storedAt = performance.now();
  for (const [index, child] of pending.entries()) {
    const { task, id, commit } = child;
    if (id === null || commit === null) continue;
    context.progress(`merging ${task.id}, ${index + 1} of ${pending.length}`);
    const merge = await workspace.merge(commit, messageOf(child, attempt.id));
    if (merge.outcome !== 'merged') {
      await store(build, workspace);
      return await refuse(build, child, merge);
    }
    attempt.note({ fact: 'branch.merged', data: { task: task.id, child: id, commit: merge.commit } });
    if (performance.now() - storedAt < STORE_EVERY_MS) continue;
    await store(build, workspace);
    await attempt.breathe();
    storedAt = performance.now();
  }
  await store(build, workspace);
};
