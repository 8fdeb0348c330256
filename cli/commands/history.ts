import * as z from 'zod';
import type { Studio } from '#client';
import { InvalidInput } from '#contracts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { pickRun } from '../pick-run.ts';
import { renderCheckpoints, renderComparison, renderHandoffs } from '../render/history.ts';
import { withSession } from '../session.ts';

export const checkpoints: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const document = await studio.checkpoints(await pickRun(studio, call.args[0]));
    show(call, document, (shown, style) => renderCheckpoints(shown, style, call.io));
    return EXIT.done;
  });

export const handoffShow: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const document = await studio.handoffs(await pickRun(studio, call.args[0]));
    show(call, document, (shown, style) => renderHandoffs(shown, style, call.io.program));
    return EXIT.done;
  });

const CompareOptions = z.object({ plans: z.array(WholeNumber).length(2, { error: 'name two plans' }).optional() });

type Compared = Parameters<Studio['compare']>[0];

/** @throws {InvalidInput} there is nothing to compare it with */
export const compare: Run = (call) => {
  const [left = '', right] = call.args;
  const { plans } = parseOptions(CompareOptions, call.options);
  if (right === undefined && plans === undefined)
    throw new InvalidInput('what to compare', [
      `name two runs, or two plans of one: ${call.io.program} compare ${left} --plans 1 2`,
    ]);
  const [one = 1, other = 2] = plans ?? [];
  const what: Compared = {
    left,
    ...(right === undefined ? {} : { right }),
    ...(plans === undefined ? {} : { plans: [one, other] }),
  };
  return withSession(call, async ({ studio }) => {
    show(call, await studio.compare(what), renderComparison);
    return EXIT.done;
  });
};
