import * as z from 'zod';
import { type EveryRunDocument, InvalidInput } from '#contracts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { renderEveryRun } from '../render/lists.ts';
import { withSession } from '../session.ts';

const Options = z.object({ all: z.boolean().optional(), reason: z.string().optional() });

/** `--all` of a command that else is about one run; `null` where it was not said. */
export const toEveryRun = (call: Call, command: EveryRunDocument['command']): Promise<ExitCode> | null => {
  const { all, reason = null } = parseOptions(Options, call.options);
  if (!all) return null;
  const [id] = call.args;
  if (id !== undefined) throw new InvalidInput('one run or all', [`leave out ${id}, or --all`]);
  return withSession(call, async ({ studio }) => {
    show(call, await studio.everyRun(command, reason), renderEveryRun);
    return EXIT.done;
  });
};
