import { resolve } from 'node:path';
import * as z from 'zod';
import { backtestExports } from '#client';
import { type BacktestDocument, InvalidInput } from '#contracts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readExports } from '../export-source.ts';
import { show } from '../output.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { readPolicyFile } from '../policy-file.ts';
import { renderBacktest } from '../render/backtest.ts';
import { createReporter } from '../run/reporter.ts';
import { withSession } from '../session.ts';

const BacktestFlags = z.object({
  policy: z.string({ error: 'name the file of the policy to try: --policy policy.yaml' }),
  last: WholeNumber.optional(),
});

async function* exportsOf({ args, io }: Call) {
  for (const file of args) yield* readExports(file, io);
}

const judge = async (call: Call): Promise<BacktestDocument> => {
  const { policy: file, last } = parseOptions(BacktestFlags, call.options);
  if (call.args.length > 0 && last !== undefined)
    throw new InvalidInput('files or the log', ['--last counts runs of the log: leave it out where files are named']);
  const policy = await readPolicyFile(resolve(call.io.cwd, file));
  if (call.args.length > 0) return backtestExports(policy, exportsOf(call));
  return withSession(call, ({ studio }) => studio.backtest(last === undefined ? { policy } : { policy, last }));
};

/** Judges recorded runs by another policy: of the log, or of export files, which needs no server. */
export const backtest: Run = async (call) => {
  const reporter = createReporter(call, 'brief');
  reporter.busy('judging recorded runs');
  const document = await judge(call).finally(reporter.quiet);
  show(call, document, renderBacktest);
  return EXIT.done;
};
