import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { show } from '../output.ts';
import { renderDryRun } from '../render/dry-run.ts';
import { createReporter } from '../run/reporter.ts';
import { withSession } from '../session.ts';

/** Tells what a goal would come to. @throws {InvalidInput} with every problem of the goal */
export const dryRun = async (call: Call, goal: unknown, planSource: string | undefined): Promise<ExitCode> => {
  const reporter = createReporter(call, 'brief');
  reporter.busy('looking ahead');
  const document = await withSession(call, ({ studio }) =>
    studio.dryRun(goal, planSource === undefined ? {} : { planSource }),
  ).finally(reporter.quiet);
  show(call, document, renderDryRun);
  return EXIT.done;
};
