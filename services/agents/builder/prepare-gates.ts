import { AttemptFailed } from '#attempts';
import { discoverGates, runOnBase } from '#checks';
import type { Plan } from '#contracts';
import type { Workspace } from '#workspace';
import type { Build } from './build.ts';
import { onBase } from './on-base.ts';

/** Nothing that an engine does comes before it, so it fails again unless the network did or a person changes something. */
const setUp = async (workspace: Workspace, { classifier }: Build['equipment']): Promise<void> => {
  const { how, source, output } = await workspace.setUp();
  if (how !== 'failed' && how !== 'not_available') return;
  const { category } = classifier.ofText(output);
  throw new AttemptFailed(
    category === 'transient' ? category : 'blocker',
    `the workspace could not be set up (${source}): ${output}`,
    'set workspace.setup in .studio/config.yaml to the command that prepares a fresh checkout, or to false',
  );
};

/** Makes the worktree able to run commands, and finds out once a run which gates there are and which were red before. */
export const prepareGates = async (build: Build, plan: Plan): Promise<void> => {
  const { attempt, desk, equipment } = build;
  const { workspace, context } = desk;
  if (!workspace) return;
  await setUp(workspace, equipment);
  if (attempt.run().gates.length > 0) return;
  const found = await discoverGates({
    directory: context.directory,
    planned: plan.quality_gates,
    settings: equipment.gates,
    path: equipment.environment.PATH ?? '',
  });
  const { gates, ran } = await runOnBase({
    ...onBase(build, workspace),
    gates: found,
    onRun: ({ gate, command }) => context.progress(`running ${gate} on the base commit: ${command}`),
  });
  if (ran > 0) await workspace.resetTo(workspace.base);
  await attempt.report({ fact: 'gates.discovered', data: { gates: [...gates] } });
};
