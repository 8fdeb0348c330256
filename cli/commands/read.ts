import * as z from 'zod';
import type { At } from '#client';
import { ListQuery } from '#contracts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { moment, parseOptions, WholeNumber } from '../parse-options.ts';
import { pickRun } from '../pick-run.ts';
import { renderList, renderWhy, renderWorkers } from '../render/lists.ts';
import { renderState, renderStatus } from '../render/state.ts';
import { withSession } from '../session.ts';

/** `12` is a version, anything else a time. */
export const atOf = (text: string | undefined, now: Date): At => {
  if (text === undefined) return 'now';
  return /^\d+$/.test(text) ? { version: Number(text) } : { time: moment(text, now) };
};

const StateOptions = z.object({ at: z.string().optional() });

export const state: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const { io, args, options } = call;
    const at = atOf(parseOptions(StateOptions, options).at, io.now());
    const document = await studio.state(await pickRun(studio, args[0]), at);
    show(call, document, (shown, style) => renderState(shown, style, { program: io.program, now: io.now() }));
    return EXIT.done;
  });

export const status: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const { io, args } = call;
    const document = await studio.state(await pickRun(studio, args[0]));
    show(call, document, (shown, style) => renderStatus(shown, style, { program: io.program, now: io.now() }));
    return EXIT.done;
  });

export const why: Run = (call) =>
  withSession(call, async ({ studio }) => {
    show(call, await studio.why(await pickRun(studio, call.args[0])), renderWhy);
    return EXIT.done;
  });

const ListOptions = z.object({
  status: z.string().optional(),
  wait: z.string().optional(),
  label: z.string().optional(),
  since: z.string().optional(),
  limit: WholeNumber.optional(),
  cursor: z.string().optional(),
});

export const list: Run = async (call) => {
  const now = call.io.now();
  const { since, ...rest } = parseOptions(ListOptions, call.options);
  const query = parseOptions(ListQuery, { ...rest, ...(since ? { since: moment(since, now) } : {}) });
  return withSession(call, async ({ studio }) => {
    const page = await studio.list(query);
    const alive = call.json || (await studio.workers()).length > 0;
    show(call, page, (shown, style) => renderList(shown, style, now, alive));
    return EXIT.done;
  });
};

export const workers: Run = (call) =>
  withSession(call, async ({ studio }) => {
    show(call, { workers: await studio.workers() }, (document, style) =>
      renderWorkers(document.workers, style, call.io.now()),
    );
    return EXIT.done;
  });
