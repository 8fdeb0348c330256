import * as z from 'zod';
import type { ControlCommand } from '#contracts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { renderStatus } from '../render/state.ts';
import { withSession } from '../session.ts';

/** Gives one command, and shows where the run stands after it. */
const control = (call: Call, command: ControlCommand) =>
  withSession(call, async ({ studio }) => {
    const { io, args } = call;
    const state = await studio.control(args[0] ?? '', command);
    show(call, state, (shown, style) => renderStatus(shown, style, { program: io.program, now: io.now() }));
    return EXIT.done;
  });

const AnswerOptions = z.object({ note: z.string().optional(), question: z.string().optional() });

export const answer: Run = (call) => {
  const { note = null, question = null } = parseOptions(AnswerOptions, call.options);
  return control(call, { command: 'answer', interaction: question, answer: call.args[1] ?? '', note });
};

const RetryOptions = z.object({ hint: z.string().optional() });

export const retry: Run = (call) =>
  control(call, { command: 'retry', hint: parseOptions(RetryOptions, call.options).hint ?? null });

export const skip: Run = (call) => control(call, { command: 'skip' });

const ReasonOptions = z.object({ reason: z.string().optional() });
const reasonOf = (call: Call): string | null => parseOptions(ReasonOptions, call.options).reason ?? null;

export const pause: Run = (call) => control(call, { command: 'pause', reason: reasonOf(call) });

export const resume: Run = (call) => control(call, { command: 'resume', checkpoint: call.args[1] ?? null });

export const abort: Run = (call) => control(call, { command: 'abort', reason: reasonOf(call) });
