import * as z from 'zod';
import type { Studio } from '#client';
import { InvalidInput, type StateDocument } from '#contracts';
import { landBranch } from '../branch/land-branch.ts';
import type { Call, Run } from '../command.ts';
import { assertKnownEngine } from '../engines/known-engines.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { assertCanApply, GoalOptions, type GoalRequest, goalRequest } from '../goal-options.ts';
import { show, writeLines } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { line } from '../render/line.ts';
import { aboutUnknown, howToApply, howToFollow, whatNext } from '../render/next-steps.ts';
import { renderResult } from '../render/result.ts';
import { showWaiting } from '../run/finish-run.ts';
import { type Interrupts, listenForInterrupts } from '../run/interrupt.ts';
import { createReporter, type Reporter } from '../run/reporter.ts';
import { type WatchEnd, watchRun } from '../run/watch-run.ts';
import { type Session, withSession } from '../session.ts';
import { askForGoal } from '../terminal/ask.ts';

const BuildOptions = GoalOptions.extend({
  apply: z.boolean().optional(),
  yes: z.boolean().optional(),
  detach: z.boolean().optional(),
  dryRun: z.boolean().optional(),
});
type BuildOptions = z.infer<typeof BuildOptions>;

export interface Build {
  readonly call: Call;
  readonly session: Session;
  readonly options: BuildOptions;
  readonly explicit: boolean;
  readonly reporter: Reporter;
  readonly interrupts: Interrupts;
}

/** Somebody sits here until the end, and wants to be asked. */
export const isAttended = (
  { io, json }: Call,
  { attended, yes, detach: leaves }: Pick<BuildOptions, 'attended' | 'yes' | 'detach'>,
): boolean => attended ?? (io.interactive && !json && !yes && !leaves);

/** As it is submitted. */
const inputOf = (call: Call, { input }: GoalRequest, options: BuildOptions, explicit: boolean) => ({
  ...input,
  mode: options.mode ?? (explicit ? 'explicit' : 'implicit'),
  ...(isAttended(call, options) ? { attended: true } : {}),
  ...(options.yes ? { confirm: false } : {}),
});

/** @throws {InvalidInput} the goal was refused, with every problem */
const submit = async ({ call, session, options, explicit }: Build, goal: GoalRequest) => {
  const { plan } = goal;
  const answer = await session.studio.submit(inputOf(call, goal, options, explicit), {
    trigger: 'cli',
    source: 'studio build',
    ...(plan ? { planSource: plan.source } : {}),
  });
  if ('problems' in answer) throw new InvalidInput('the goal was refused', answer.problems);
  return answer;
};

/** After Ctrl-C: the run goes on, unless a second one ends it. */
const detach = async ({ call: { io }, session: { studio }, interrupts }: Build, id: string): Promise<ExitCode> => {
  writeLines(io.stderr, ['', 'Detached: the goal goes on without this terminal. Ctrl-C again ends it.']);
  if (await interrupts.second()) {
    await studio.control(id, { command: 'abort', reason: 'Ctrl-C, twice' });
    writeLines(io.stderr, [`Aborted. What was verified is kept: ${io.program} status ${id}`]);
  } else {
    writeLines(io.stderr, howToFollow(id, io.program));
  }
  return EXIT.interrupted;
};

export const showEnd: ShowEnd = async (build, state) => {
  const { call, session, options, explicit } = build;
  const { io } = call;
  const landed = options.apply && state.outcome?.kind === 'completed' ? await landBranch(session, state) : null;
  show(call, state, (document, style) => [
    '',
    ...renderResult(document, style),
    ...(landed?.lines ?? []).map((text) => `  ${text}`),
    ...howToApply(document, io.program, landed?.applied ?? false).map((text) => `  ${text}`),
    ...(explicit ? ['', ...whatNext(document, io.program)] : []),
  ]);
  return exitCodeOf(state);
};

/** How the end of a run is told. */
export type ShowEnd = (build: Build, state: StateDocument) => Promise<ExitCode>;

const finish = async (build: Build, studio: Studio, id: string, end: WatchEnd, tell: ShowEnd): Promise<ExitCode> => {
  if (end === 'interrupted') return detach(build, id);
  const state = await studio.state(id);
  if (end === 'ended') return tell(build, state);
  return showWaiting(build.call, studio, state);
};

/** Shows what a run does until it ends, waits for a person, or Ctrl-C. */
export const followRun = async (build: Build, id: string, tell: ShowEnd = showEnd): Promise<ExitCode> => {
  const { call, session, reporter, interrupts } = build;
  reporter.busy('waiting for a worker');
  const end = await watchRun(call, { studio: session.studio, id, reporter, interrupts });
  return finish(build, session.studio, id, end, tell);
};

/** Follows a run that was just submitted to its end, unless all that was asked for is to submit it. */
export const followGoal = async (
  build: Build,
  answer: { readonly outcome: 'created' | 'duplicate'; readonly id: string },
  tell: ShowEnd = showEnd,
): Promise<ExitCode> => {
  const { call, options, reporter } = build;
  const { io } = call;
  const { id } = answer;
  if (options.detach) {
    show(call, answer, () => [`${answer.outcome}: ${id}`, ...howToFollow(id, io.program)]);
    return EXIT.done;
  }
  reporter.say(line('step', answer.outcome === 'duplicate' ? `${id}, which was asked for before` : id));
  return followRun(build, id, tell);
};

/** The goal that was typed, or asked for at a terminal. */
const goalOf = async ({ args: [goal], io, json }: Call): Promise<string> => {
  if (goal?.trim()) return goal;
  const asked = io.interactive && !json ? await askForGoal() : null;
  if (asked) return asked;
  throw new InvalidInput('no goal', [`say what is to be done: ${io.program} build "Add a health endpoint"`]);
};

/** Another goal runs with them, or something of what they are would get lost: then nothing is ended without being told to. */
const tellUnknown = ({ io }: Call, reporter: Reporter, { unknownToHost }: Session): void => {
  for (const text of aboutUnknown(unknownToHost, io.program)) reporter.say(line('warn', text));
};

/** Submits and follows: connects, listens for Ctrl-C, and leaves the terminal as it was. */
export const inBuild = async (
  call: Call,
  { options, explicit }: Pick<Build, 'options' | 'explicit'>,
  run: (build: Build) => Promise<ExitCode>,
): Promise<ExitCode> => {
  await assertKnownEngine(call.io, options.engine);
  const reporter = createReporter(call, explicit || options.mode === 'explicit' ? 'full' : 'brief');
  const interrupts = listenForInterrupts(call.io);
  reporter.busy('connecting');
  try {
    return await withSession(call, (session) => {
      tellUnknown(call, reporter, session);
      return run({ call, session, options, explicit, reporter, interrupts });
    });
  } finally {
    reporter.quiet();
    interrupts.stop();
  }
};

/** Asks first whether an agent may be used, where somebody is there to say so. Ctrl-C then ends it all. */
const mayBegin = async (call: Call, options: BuildOptions): Promise<boolean> => {
  if (!call.io.interactive || call.json || !isAttended(call, options)) return true;
  const { offerAgents } = await import('../engines/offer-agents.ts');
  const decided = await offerAgents(call, options.engine);
  if (!decided) writeLines(call.io.stderr, ['Nothing was submitted.']);
  return decided;
};

const buildIn =
  (explicit: boolean): Run =>
  async (call) => {
    const options = parseOptions(BuildOptions, call.options);
    // Judged before anything is started or connected.
    assertCanApply(options);
    const goal = await goalRequest(await goalOf(call), options, call.io);
    if (options.dryRun)
      return (await import('./dry-run.ts')).dryRun(call, inputOf(call, goal, options, explicit), goal.plan?.source);
    if (!(await mayBegin(call, options))) return EXIT.interrupted;
    return inBuild(call, { options, explicit }, async (build) => followGoal(build, await submit(build, goal)));
  };

export const build: Run = buildIn(false);
export const orchestrateBuild: Run = buildIn(true);
