import type { ReportItem } from '#domain';
import {
  accepted,
  collected,
  commit,
  done,
  gatePassed,
  gates,
  planned,
  planOf,
  prepared,
  progress,
  stepDone,
  stepStarted,
} from '../support/facts.ts';
import type { Recorder } from './recorder.ts';

/** What most stories have in common. */

export type Story = (run: Recorder) => Promise<void>;

export const withPlan = (steps: number, options?: Parameters<typeof planOf>[1]) => ({
  plan: planOf(steps, options),
  planSource: 'plan.json',
});

/** The first builder of a run that nobody planned, with a gate that is green on the base. */
export const begin = async (run: Recorder): Promise<void> => {
  await run.start(41);
  await run.report(prepared, gates('test'));
};

export const build = async (run: Recorder, step: string, digit: string, number = 1): Promise<void> => {
  await run.report(stepStarted(step, number));
  await run.report(stepDone(step, commit(digit), { number }));
};

export const end = (run: Recorder, digit: string): Promise<void> =>
  run.report(collected(commit(digit)), done({ commit: commit(digit) }));

/** All that is left once the steps are done. */
export const finish = async (
  run: Recorder,
  digit: string,
  verdicts: readonly ReportItem[] = [gatePassed('test')],
): Promise<void> => {
  await run.report(accepted());
  for (const verdict of verdicts) await run.report(verdict);
  await end(run, digit);
};

export const plan = async (run: Recorder, steps: number): Promise<void> => {
  await run.start(40);
  await run.report(prepared, progress('reading the repository'));
  await run.report(planned(planOf(steps)));
  await run.report(done({ plan_id: 'bp_1' }));
};
