import { resolve } from 'node:path';
import * as z from 'zod';
import type { ForkOptions } from '#client';
import { readAnswers } from '../answers-file.ts';
import type { Call, Run } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { GoalOptions, labelsOf } from '../goal-options.ts';
import { show } from '../output.ts';
import { parseOptions, UsDollars, WholeNumber } from '../parse-options.ts';
import { readPlan } from '../plan-file.ts';
import { line } from '../render/line.ts';
import { howToFollow } from '../render/next-steps.ts';
import { listenForInterrupts } from '../run/interrupt.ts';
import { createReporter } from '../run/reporter.ts';
import { type Session, withSession } from '../session.ts';
import { followRun } from './build.ts';

const Flags = GoalOptions.pick({ plan: true, engine: true, label: true }).extend({
  at: z.string().min(1).optional(),
  answers: z.string().optional(),
  budget: UsDollars.optional(),
  budgetTokens: WholeNumber.optional(),
  apply: z.boolean().optional(),
  detach: z.boolean().optional(),
});
type Flags = z.infer<typeof Flags>;

/** Whole numbers are versions; anything else names a checkpoint. */
const atOf = ({ at }: Flags): NonNullable<ForkOptions['at']> => {
  if (at === undefined) return 'now';
  return /^\d+$/.test(at) ? { version: Number(at) } : { checkpoint: at };
};

const changesOf = async ({ io }: Call, { engine, plan, answers, budget, budgetTokens, label }: Flags) => {
  const found = plan === undefined ? null : await readPlan(resolve(io.cwd, plan));
  const changes: NonNullable<ForkOptions['changes']> = {
    ...(engine === undefined ? {} : { engine }),
    ...(found ? { plan: found.plan, planSource: found.source } : {}),
    ...(answers === undefined ? {} : { answers: { ...(await readAnswers(resolve(io.cwd, answers))) } }),
    ...(budget === undefined ? {} : { budgetUsd: budget }),
    ...(budgetTokens === undefined ? {} : { budgetTokens }),
    ...(label === undefined ? {} : { labels: { ...labelsOf(label) } }),
  };
  return changes;
};

const runFork = async (call: Call, session: Session, flags: Flags, options: ForkOptions): Promise<ExitCode> => {
  const { io } = call;
  const forked = await session.studio.fork(call.args[0] ?? '', options);
  const { id, from, version } = forked;
  const said = `${id}, from version ${version} of ${from}`;
  if (flags.detach) {
    show(call, forked, () => [said, ...howToFollow(id, io.program)]);
    return EXIT.done;
  }
  const reporter = createReporter(call, 'brief', version);
  const interrupts = listenForInterrupts(io);
  reporter.say(line('step', said));
  try {
    return await followRun({ call, session, options: flags, explicit: false, reporter, interrupts }, id);
  } finally {
    reporter.quiet();
    interrupts.stop();
  }
};

/** Parts from a run, and shows the fork as it goes on. */
export const fork: Run = async (call) => {
  const flags = parseOptions(Flags, call.options);
  // Read before anything is started or connected.
  const options = { at: atOf(flags), changes: await changesOf(call, flags) };
  return withSession(call, (session) => runFork(call, session, flags, options));
};
