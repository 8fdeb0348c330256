import * as z from 'zod';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show, writeLines } from '../output.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { eventsOf, pickRun } from '../pick-run.ts';
import { type LogEntry, logsOf, renderLog } from '../render/logs.ts';
import { withSession } from '../session.ts';

const LogsOptions = z.object({ step: z.string().optional(), try: WholeNumber.optional() });

/** `2` is the second step of a plan that Studio made. */
const stepId = (step: string): string => (/^\d+$/.test(step) ? `step_${step}` : step);

interface Wanted {
  readonly of: string | null;
  readonly try: number | null;
}

const wantedOf = ({ options }: Call): Wanted => {
  const { step, try: number = null } = parseOptions(LogsOptions, options);
  return { of: step === undefined ? null : stepId(step), try: number };
};

const isWanted =
  ({ of, try: number }: Wanted) =>
  (log: LogEntry): boolean =>
    (of === null || log.of === of) && (number === null || log.try === number);

/** What checks and gates printed, as far as events keep it: JSON lines with `--json`. */
export const logs: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const wanted = wantedOf(call);
    const id = await pickRun(studio, call.args[0]);
    let shown = 0;
    for await (const event of eventsOf(studio, id)) {
      const found = logsOf(event).filter(isWanted(wanted));
      for (const log of found) show(call, log, renderLog);
      shown += found.length;
    }
    if (shown === 0) writeLines(call.io.stderr, [`nothing was kept of ${wanted.of ?? id} yet`]);
    return EXIT.done;
  });
