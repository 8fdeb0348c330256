import * as z from 'zod';
import type { Studio } from '#client';
import { type ControlCommand, HandoffContext, InvalidInput, Role } from '#contracts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { namedRun, pickRun } from '../pick-run.ts';
import { renderStatus } from '../render/state.ts';
import { toEveryRun } from '../run/every-run.ts';
import { withSession } from '../session.ts';

/** Gives one command, and shows where the run stands after it. The run is the one named first, unless `pick` says more. */
const control = (call: Call, command: ControlCommand, pick?: (studio: Studio) => Promise<string>) =>
  withSession(call, async ({ studio }) => {
    const { io, args } = call;
    const state = await studio.control(pick ? await pick(studio) : (args[0] ?? ''), command);
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

export const approve: Run = (call) => control(call, { command: 'approve' });

const ReasonOptions = z.object({ reason: z.string().optional() });
const reasonOf = (call: Call): string | null => parseOptions(ReasonOptions, call.options).reason ?? null;

export const pause: Run = async (call) => {
  const every = toEveryRun(call, 'pause');
  if (every !== null) return every;
  const [id] = call.args;
  if (id === undefined) throw new InvalidInput('no run', [`name one, or all: ${call.io.program} pause --all`]);
  return control(call, { command: 'pause', reason: reasonOf(call) });
};

const HandoffOptions = z.object({ context: z.string().optional(), from: Role.optional(), to: Role.optional() });

/** @throws {InvalidInput} it is not a JSON object */
const contextOf = (text: string): HandoffContext => {
  const parsed = HandoffContext.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new InvalidInput('the context', [`--context takes a JSON object, not ${text.slice(0, 80)}`]);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

export const resume: Run = async (call) => {
  const every = toEveryRun(call, 'resume');
  if (every !== null) return every;
  const { id, rest } = namedRun(call.args);
  const { context } = parseOptions(HandoffOptions, call.options);
  const completing = context === undefined ? {} : { context: contextOf(context) };
  return control(call, { command: 'resume', checkpoint: rest[0] ?? null, ...completing }, (studio) =>
    pickRun(studio, id),
  );
};

export const checkpoint: Run = (call) => {
  const { id, rest } = namedRun(call.args);
  return control(call, { command: 'checkpoint', name: rest[0] ?? 'on_demand' }, (studio) => pickRun(studio, id));
};

export const completeHandoff: Run = (call) => {
  const { context, from = null, to = null } = parseOptions(HandoffOptions, call.options);
  if (context === undefined)
    throw new InvalidInput('no context', [`say what is missing: --context '{"suggestion": "…"}'`]);
  return control(call, { command: 'handoff', from, to, context: contextOf(context) });
};

export const abort: Run = (call) => control(call, { command: 'abort', reason: reasonOf(call) });
