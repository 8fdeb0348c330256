import { AttemptFailed } from '#attempts';
import { isAvailable, type Shown, showOnBase, verificationLabel } from '#checks';
import type { AcceptanceCriterion } from '#contracts';
import type { Build } from './build.ts';
import { onBase } from './on-base.ts';
import { criteriaOf, type Measure } from './verify-work.ts';

type Results = Shown['results'];

/** Of what must pass, what nothing is known of yet. Under another plan an id means something else. */
const notShown = (build: Build, measure: Measure): readonly AcceptanceCriterion[] => {
  const { shown } = build.attempt.run();
  return criteriaOf(build, measure).filter(
    ({ id, criterion, priority, verification }) =>
      priority === 'must' &&
      isAvailable(verification, build.equipment) &&
      !shown.some((result) => result.id === id && result.criterion === criterion),
  );
};

const assertRed = (results: Results, criteria: readonly AcceptanceCriterion[]): void => {
  const green = results.filter(({ before }) => before === 'passed').map(({ id }) => id);
  if (green.length === 0) return;
  const checks = criteria.filter(({ id }) => green.includes(id));
  throw new AttemptFailed(
    'blocker',
    `${green.join(', ')} would prove nothing: it passes before the work has begun (${checks.map(({ verification }) => verificationLabel(verification)).join('; ')})`,
    'bring a check that fails without the work, or set gates.red_first to mark in .studio/config.yaml; then retry',
  );
};

/**
 * Shows that what must pass at the end does not pass on the base: only then does it prove something. In a tree that has
 * gone on, the base is laid out for it and the work is brought back.
 */
export const showChecks = async (build: Build, measure: Measure): Promise<void> => {
  const { attempt, desk, equipment } = build;
  const { workspace, context } = desk;
  const criteria = equipment.redFirst === 'off' || !workspace ? [] : notShown(build, measure);
  if (!workspace || criteria.length === 0) return;
  const head = workspace.head();
  if (head !== workspace.base) await workspace.resetTo(workspace.base);
  const { results, ran } = await showOnBase({
    ...onBase(build, workspace),
    criteria,
    onRun: ({ id }) => context.progress(`checking ${id} on the base commit`),
  });
  if (ran > 0 || head !== workspace.base) await workspace.resetTo(head);
  await attempt.report({ fact: 'acceptance.shown', data: { results: [...results] } });
  if (equipment.redFirst === 'require') assertRed(results, criteria);
};
