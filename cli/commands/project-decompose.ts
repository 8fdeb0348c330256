import { basename } from 'node:path';
import * as z from 'zod';
import { InvalidInput } from '#contracts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { projectFolder } from '../project-folder.ts';
import { renderBacklog } from '../render/backlog.ts';
import { readGoalText } from '../specification-file.ts';
import { followGoal, inBuild, type ShowEnd, showEnd } from './build.ts';

const DecomposeOptions = z.object({
  workspace: z.string().optional(),
  engine: z.string().optional(),
  mode: z.enum(['implicit', 'explicit']).optional(),
  includeDirty: z.boolean().optional(),
  yes: z.boolean().optional(),
  detach: z.boolean().optional(),
});

/** A file of Markdown is decomposed as it is. @throws {InvalidInput} the file cannot be read */
const whatToDecompose = async ({ args: [text = ''], io }: Call) => {
  const { goal, specification } = await readGoalText(text, io);
  return specification === undefined ? { goal } : { goal: `Decompose ${basename(text)}`, specification };
};

/** Nothing was built, so what is worth telling is what there is to build now. */
const endWithBacklog: ShowEnd = async (build, state) => {
  if (state.outcome?.kind !== 'completed') return showEnd(build, state);
  const { call, session } = build;
  const after = await session.studio.catchUpBacklog(state.id);
  show(call, after, (document, style) => ['', ...renderBacklog(document, style, call.io.program)]);
  return EXIT.done;
};

export const decompose: Run = async (call) => {
  const options = parseOptions(DecomposeOptions, call.options);
  const { engine, mode, includeDirty, yes } = options;
  const goal = {
    ...(await whatToDecompose(call)),
    workspace: projectFolder(options, call.io),
    ...(engine === undefined ? {} : { engine }),
    ...(mode === undefined ? {} : { mode }),
    ...(includeDirty ? { include_dirty: true } : {}),
    ...(yes ? { confirm: false } : {}),
  };
  return inBuild(call, { options, explicit: false }, async (build) => {
    const origin = { trigger: 'cli', source: 'studio project decompose' } as const;
    const answer = await build.session.studio.decompose(goal, origin);
    if ('problems' in answer) throw new InvalidInput('the goal was refused', answer.problems);
    return followGoal(build, answer, endWithBacklog);
  });
};
