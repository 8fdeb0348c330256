import { type Attempt, ensurePlan, openDesk, type RunRole } from '#attempts';
import { isParent, toMerge, verifiedHeads } from '#domain';
import type { Build, BuilderEquipment } from './build.ts';
import { captureLearnings } from './capture-learnings.ts';
import { createCheckedTrees } from './checked-trees.ts';
import { mergeTasks } from './merge-tasks.ts';
import { prepareGates } from './prepare-gates.ts';
import { runSteps } from './run-steps.ts';
import { showChecks } from './show-checks.ts';
import { criteriaOfTasks, finishedTasks, planOfTasks, resultsOf } from './tasks-plan.ts';
import { verifyWork } from './verify-work.ts';

/**
 * Whoever waits for the end of a run on a git URL finds its branch there. Of a folder, and where somebody moved the branch,
 * it is the business of the router.
 */
const publish = async ({ attempt, desk: { workspace } }: Build): Promise<void> => {
  if (!workspace?.publish || attempt.run().submission.parent) return;
  await attempt.report(); // nothing is shown but what the log names
  await workspace.publish(verifiedHeads(attempt.run()));
};

/** The last fact of a build: what changed, as git tells it, and where. */
const collect = async (
  build: Build,
  commits: readonly (string | null)[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  await captureLearnings(build);
  await publish(build);
  const {
    attempt,
    desk: { workspace },
  } = build;
  const files = workspace ? [...(await workspace.changes())] : [];
  const head = workspace?.head() ?? null;
  const commit = head === workspace?.base ? null : head;
  if (workspace) attempt.note({ fact: 'work.collected', data: { commit, files } });
  const own = commits.flatMap((made) => made ?? []);
  const learnings = attempt.run().learnings.map(({ domain, text }) => ({ domain, text }));
  await attempt.report({
    fact: 'agent.completed',
    data: { output: { files_changed: files.map(({ path }) => path), commits: own, learnings, ...more } },
  });
};

/** Makes the desk of a lease, and sees to it that nothing of it is left. */
const atDesk = async (
  attempt: Attempt,
  equipment: BuilderEquipment,
  work: (build: Build) => Promise<void>,
): Promise<void> => {
  const desk = await openDesk(attempt, equipment);
  try {
    await work({ attempt, desk, equipment, checked: createCheckedTrees() });
  } finally {
    await desk.close();
  }
};

/**
 * Carries out a plan step by step and leaves a verified history. Each step is executed, checked by us, committed and
 * reported; then the acceptance criteria, then the gates.
 */
const carryOut = async (build: Build): Promise<void> => {
  const { attempt, desk, equipment } = build;
  const plan = await ensurePlan(attempt, desk, { browser: equipment.browser !== undefined });
  await prepareGates(build, plan);
  await showChecks(build, { plan, criteria: plan.acceptance_criteria });
  await runSteps(build, plan);
  await verifyWork(build, { plan, criteria: plan.acceptance_criteria });
  await collect(
    build,
    attempt.run().steps.map(({ commit }) => commit),
  );
};

/** What is run on the base is run at a desk of its own: what it leaves behind would be in the way of a merge. */
const lookAtBase = async (build: Build): Promise<void> => {
  const tasks = await finishedTasks(build);
  const plan = planOfTasks(build, tasks);
  await prepareGates(build, plan);
  await showChecks(build, { plan, criteria: criteriaOfTasks(tasks) });
};

/** Merges what the tasks of a run have done, and checks all of it again on the merged tree. */
const bringTogether = async (build: Build): Promise<void> => {
  const { attempt } = build;
  await mergeTasks(build);
  const tasks = await finishedTasks(build);
  const measure = { plan: planOfTasks(build, tasks), criteria: criteriaOfTasks(tasks) };
  await prepareGates(build, measure.plan);
  await showChecks(build, measure);
  await verifyWork(build, measure);
  const commits = attempt.run().children.map(({ commit, merged }) => merged && commit);
  await collect(build, commits, { of_tasks: resultsOf(tasks) });
};

/** The builder: makes what is to be made, from a plan or from the work of the tasks that it consists of. */
export const createBuilder =
  (equipment: BuilderEquipment): RunRole =>
  async (attempt) => {
    if (!isParent(attempt.run())) return await atDesk(attempt, equipment, carryOut);
    const { gates } = attempt.run();
    if (gates.length === 0 && toMerge(attempt.run()).length > 0) await atDesk(attempt, equipment, lookAtBase);
    await atDesk(attempt, equipment, bringTogether);
  };
