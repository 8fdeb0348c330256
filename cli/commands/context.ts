import { resolve } from 'node:path';
import * as z from 'zod';
import { gitUrlOf, gitUrlText, LearningDomain } from '#contracts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { newestRun } from '../pick-run.ts';
import { renderBudget, renderLearnings } from '../render/context.ts';
import { withSession } from '../session.ts';

/** Of the newest run, unless one is named; where there is none, what a new one would have. */
export const budget: Run = (call) =>
  withSession(call, async ({ studio }) => {
    show(call, await studio.budget(call.args[0] ?? (await newestRun(studio))), renderBudget);
    return EXIT.done;
  });

const LearningsOptions = z.object({
  domain: LearningDomain.optional(),
  workspace: z.string().optional(),
  all: z.boolean().optional(),
});

/** A folder that is gone may have learnings in the log still. */
const placeOf = (workspace: string, cwd: string): string => {
  const gitUrl = gitUrlOf(workspace);
  return gitUrl === null ? resolve(cwd, workspace) : gitUrlText(gitUrl);
};

export const learnings: Run = (call) => {
  const { io, options } = call;
  const { domain, workspace, all } = parseOptions(LearningsOptions, options);
  const folder = all ? {} : { workspace: placeOf(workspace ?? '.', io.cwd) };
  return withSession(call, async ({ studio }) => {
    const document = await studio.learnings({ ...folder, ...(domain === undefined ? {} : { domain }) });
    show(call, document, (shown, style) => renderLearnings(shown, style, io.program));
    return EXIT.done;
  });
};
