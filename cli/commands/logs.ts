import * as z from 'zod';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { eventsOf, pickRun } from '../pick-run.ts';
import { logsOf, renderLog } from '../render/logs.ts';
import { withSession } from '../session.ts';

const LogsOptions = z.object({ step: z.string().optional(), try: WholeNumber.optional() });

/** `2` is the second step of a plan that Studio made. */
const stepId = (step: string): string => (/^\d+$/.test(step) ? `step_${step}` : step);

/** What checks and gates printed, as far as events keep it: JSON lines with `--json`. */
export const logs: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const { step, try: wanted } = parseOptions(LogsOptions, call.options);
    const of = step === undefined ? null : stepId(step);
    const id = await pickRun(studio, call.args[0]);
    let shown = 0;
    for await (const event of eventsOf(studio, id)) {
      for (const log of logsOf(event)) {
        if ((of !== null && log.of !== of) || (wanted !== undefined && log.try !== wanted)) continue;
        shown += 1;
        show(call, log, renderLog);
      }
    }
    if (shown === 0 && !call.json) show(call, null, () => [`nothing was kept${of ? ` of ${of}` : ''} yet`]);
    return EXIT.done;
  });
