import * as z from 'zod';
import { BacklogRun } from '#contracts';
import type { Call, Run } from '../command.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { projectFolder } from '../project-folder.ts';
import { line } from '../render/line.ts';
import { count } from '../render/words.ts';
import { followGoal, inBuild, isAttended, type ShowEnd, showEnd } from './build.ts';

const RunOptions = z.object({
  workspace: z.string().optional(),
  max: WholeNumber.optional(),
  task: z.array(z.string().toUpperCase()).optional(),
  engine: z.string().optional(),
  mode: z.enum(['implicit', 'explicit']).optional(),
  sequential: z.boolean().optional(),
  check: z.array(z.string()).optional(),
  includeDirty: z.boolean().optional(),
  yes: z.boolean().optional(),
  detach: z.boolean().optional(),
  attended: z.boolean().optional(),
  apply: z.boolean().optional(),
});
type RunOptions = z.infer<typeof RunOptions>;

const requestOf = (call: Call, options: RunOptions, workspace: string): BacklogRun => {
  const attended = isAttended(call, options) || undefined;
  const { max, task: tasks, engine, mode, sequential, check: checks, includeDirty: include_dirty, yes } = options;
  const given = {
    max,
    tasks,
    engine,
    mode,
    sequential,
    checks,
    include_dirty,
    attended,
    ...(yes ? { confirm: false } : {}),
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return parseOptions(BacklogRun, { workspace, ...Object.fromEntries(present) });
};

/** The router tells the backlog too, a moment later: whoever asks next is to see what has just ended. */
const endWithBacklog: ShowEnd = async (build, state) => {
  await build.session.studio.catchUpBacklog(state.id);
  await showEnd(build, state);
  return exitCodeOf(state);
};

export const projectRun: Run = async (call) => {
  const options = parseOptions(RunOptions, call.options);
  const request = requestOf(call, options, projectFolder(options, call.io));
  return inBuild(call, { options, explicit: false }, async (build) => {
    const answer = await build.session.studio.runBacklog(request, { trigger: 'cli', source: 'studio project run' });
    build.reporter.say(
      line('step', `${count(answer.tasks.length, 'task')} of the backlog: ${answer.tasks.join(', ')}`),
    );
    return followGoal(build, answer, endWithBacklog);
  });
};
