import * as z from 'zod';
import { eventDocument, type Studio } from '#client';
import type { Recorded } from '#events';
import { sentenceOf } from '#replay';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { styleFor, writeLines } from '../output.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { eventsOf, pickRun } from '../pick-run.ts';
import { listenForInterrupts } from '../run/interrupt.ts';
import { withSession } from '../session.ts';

const EventsOptions = z.object({ follow: z.boolean().optional(), after: WholeNumber.optional() });

/** An event in a line: its document with `--json`, else what it says. */
const render = ({ io, json }: Call, event: Recorded): string => {
  if (json) return JSON.stringify(eventDocument(event));
  const style = styleFor(io.stdout, io);
  const { version, time, type, actor } = event;
  const head = `${String(version).padStart(4)}  ${style.dim(time)}  ${style.bold(type)}  ${style.dim(actor)}`;
  return `${head}  ${sentenceOf(event)}`;
};

const followed = (studio: Studio, id: string, after: number, signal: AbortSignal) =>
  studio.follow(id, { after, signal });

export const events: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const { follow = false, after = 0 } = parseOptions(EventsOptions, call.options);
    const id = await pickRun(studio, call.args[0]);
    const interrupts = listenForInterrupts(call.io);
    try {
      for await (const event of follow ? followed(studio, id, after, interrupts.first) : eventsOf(studio, id, after)) {
        if (interrupts.first.aborted) break;
        writeLines(call.io.stdout, [render(call, event)]);
      }
      return interrupts.first.aborted ? EXIT.interrupted : EXIT.done;
    } finally {
      interrupts.stop();
    }
  });
