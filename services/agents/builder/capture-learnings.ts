import { gitUrlOf } from '#contracts';
import { learningsFrom } from '#domain';
import { projectLearnings } from '#learnings';
import type { Build } from './build.ts';

/** A smooth run teaches nothing: what is only noted so far need not be stored for its sake. */
const mayTeach = ({ attempt, desk }: Build): boolean => {
  const { failures, gates, answers, learnings, invocations } = attempt.run();
  const helped = invocations.some(({ hint }) => hint !== null);
  return desk.hasLearned() || helped || [failures, gates, answers, learnings].some(({ length }) => length > 0);
};

/**
 * Stores what the run found out, then writes it where the next goal finds it: before the run ends, so that who starts the
 * next one after it is sure to have it. Files that cannot be written are no reason to fail what is done: the log has it.
 */
export const captureLearnings = async (build: Build): Promise<void> => {
  if (!mayTeach(build)) return;
  const { attempt, desk, equipment } = build;
  await attempt.report(); // what is noted belongs to the facts that are learned from
  const entries = learningsFrom(attempt.run()).map(({ domain, text }) => ({ domain, text: equipment.redact(text) }));
  if (entries.length > 0) await attempt.report({ fact: 'learnings.captured', data: { entries } });
  const { submission, learnings } = attempt.run();
  const { workspace } = submission;
  // Of a git URL the log has them, and whoever goes on there is given them from it.
  if (workspace === null || gitUrlOf(workspace) || learnings.length === 0) return;
  await projectLearnings({
    workspace,
    learnings: learnings.map((learning) => ({ ...learning, orchestration: attempt.id })),
    known: async () => (await equipment.known?.(workspace)) ?? [],
  }).catch((error: unknown) => desk.context.progress(`learnings were not written to ${workspace}: ${String(error)}`));
};
