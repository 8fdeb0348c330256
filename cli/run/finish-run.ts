import type { Studio } from '#client';
import type { StateDocument } from '#contracts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { show } from '../output.ts';
import { openWork, renderAssignment } from '../render/assignment.ts';
import { openInteractions, renderInteractions } from '../render/interaction.ts';
import { firstLine } from '../render/words.ts';

/** The run and those of its tasks that ask something now. */
const askingOf = async (studio: Studio, state: StateDocument): Promise<readonly StateDocument[]> => {
  const running = state.tasks.flatMap(({ status, orchestration: id }) => (status === 'running' && id ? [id] : []));
  const tasks = await Promise.all(running.map((id) => studio.state(id)));
  return [state, ...tasks].filter((run) => openInteractions(run.interactions).length + openWork(run).length > 0);
};

/** Nobody is at the terminal: what waits, with the exact command for each answer. */
export const showWaiting = async (call: Call, studio: Studio, state: StateDocument): Promise<ExitCode> => {
  const asking = await askingOf(studio, state);
  const { program } = call.io;
  show(call, state, ({ id }, style) =>
    asking.length > 0
      ? asking.flatMap((run) => [
          ...(run.parent ? [style.bold(`${run.parent.task} ${firstLine(run.goal)}`)] : []),
          ...renderInteractions(run.id, openInteractions(run.interactions), program, style),
          ...openWork(run).flatMap((work) => renderAssignment(run.id, work, program, style)),
        ])
      : [`${id} waits: ${program} why ${id}`],
  );
  return EXIT.waits;
};
