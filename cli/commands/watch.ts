import type { Call, Run } from '../command.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { show, writeLines } from '../output.ts';
import { pickRun } from '../pick-run.ts';
import { howToApply, howToFollow } from '../render/next-steps.ts';
import { renderResult } from '../render/result.ts';
import { showWaiting } from '../run/finish-run.ts';
import { type Interrupts, listenForInterrupts } from '../run/interrupt.ts';
import { createReporter } from '../run/reporter.ts';
import { watchRun } from '../run/watch-run.ts';
import { type Session, withSession } from '../session.ts';

const follow = async (call: Call, { studio }: Session, interrupts: Interrupts): Promise<ExitCode> => {
  const { io, args } = call;
  const id = await pickRun(studio, args[0]);
  const reporter = createReporter(call, 'full');
  const end = await watchRun(call, { studio, id, reporter, interrupts });
  if (end === 'interrupted') {
    writeLines(io.stderr, ['', ...howToFollow(id, io.program)]);
    return EXIT.interrupted;
  }
  const state = await studio.state(id);
  if (end === 'waits') return showWaiting(call, studio, state);
  show(call, state, (document, style) => [
    '',
    ...renderResult(document, style),
    ...howToApply(document, io.program, false).map((text) => `  ${text}`),
  ]);
  return exitCodeOf(state);
};

/** Any terminal may watch a run, and answer for it. Ctrl-C leaves the run alone. */
export const watch: Run = async (call) => {
  const interrupts = listenForInterrupts(call.io);
  try {
    return await withSession(call, (session) => follow(call, session, interrupts));
  } finally {
    interrupts.stop();
  }
};
