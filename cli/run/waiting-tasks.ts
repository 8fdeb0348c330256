import type { Studio } from '#client';
import type { Interaction, StateDocument } from '#contracts';
import { openQuestion } from '../render/interaction.ts';

export interface WaitingTask {
  /** The run of the task: whoever answers, answers there. */
  readonly id: string;
  readonly question: Interaction;
}

/** The tasks of a run that wait for a person, with what they ask. */
export const waitingTasks = async (
  studio: Pick<Studio, 'state'>,
  { tasks }: Pick<StateDocument, 'tasks'>,
): Promise<readonly WaitingTask[]> => {
  const ids = tasks.flatMap(({ status, orchestration }) => (status === 'running' ? (orchestration ?? []) : []));
  const states = await Promise.all(ids.map((id) => studio.state(id)));
  return states.flatMap(({ id, interactions }) => {
    const question = openQuestion(interactions);
    return question ? [{ id, question }] : [];
  });
};
