import { ensurePlan, openDesk, type RunRole } from '#attempts';
import type { Build, BuilderEquipment } from './build.ts';
import { createCheckedTrees } from './checked-trees.ts';
import { prepareGates } from './prepare-gates.ts';
import { runSteps } from './run-steps.ts';
import { verifyWork } from './verify-work.ts';

/** The last fact of a build: what changed, as git tells it, and where. */
const collect = async ({ attempt, desk: { workspace } }: Build): Promise<void> => {
  const files = workspace ? [...(await workspace.changes())] : [];
  const head = workspace?.head() ?? null;
  const commit = head === workspace?.base ? null : head;
  const commits = attempt.run().steps.flatMap((step) => (step.commit ? [step.commit] : []));
  if (workspace) attempt.note({ fact: 'work.collected', data: { commit, files } });
  await attempt.report({
    fact: 'agent.completed',
    data: { output: { files_changed: files.map(({ path }) => path), commits } },
  });
};

/**
 * The builder: carries out a plan step by step and leaves a verified history. Each step is executed, checked by us,
 * committed and reported; then the acceptance criteria, then the gates.
 */
export const createBuilder =
  (equipment: BuilderEquipment): RunRole =>
  async (attempt) => {
    const desk = await openDesk(attempt, equipment);
    const build: Build = { attempt, desk, equipment, checked: createCheckedTrees() };
    try {
      const plan = await ensurePlan(attempt, desk);
      await prepareGates(build, plan);
      await runSteps(build, plan);
      await verifyWork(build, plan);
      await collect(build);
    } finally {
      await desk.close();
    }
  };
