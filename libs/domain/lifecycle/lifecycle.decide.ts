import { RuleViolation } from '#contracts';
import { requestAbort } from '../children/end-parent.ts';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { withdrawOpen } from '../interactions/closing.ts';
import type { Ended, Live } from '../run.ts';

export const pause = (run: Live, { reason }: CommandOf<'pause'>): Decision =>
  run.paused ? [] : [fact('orchestration.paused', { reason })];

export const goOn = (run: Live): Decision => (run.paused ? [fact('orchestration.continued', {})] : []);

export const abort = (run: Live, { reason }: CommandOf<'abort'>): Decision => [
  ...withdrawOpen(run),
  ...requestAbort(run, reason),
];

/** What became of the branch. The only thing that can still happen to a run that has ended. */
export const land = (run: Ended, command: CommandOf<'land'>): Decision => {
  if (run.landed === command.as) return [];
  if (!run.workspace || !run.commit || run.commit === run.workspace.base)
    throw new RuleViolation('branch.empty', `${run.id} has changed nothing: there is no branch`);
  if (run.landed === 'discarded')
    throw new RuleViolation('branch.discarded', `the branch of ${run.id} was discarded before`);
  const { branch } = run.workspace;
  return command.as === 'applied'
    ? [fact('branch.applied', { branch, commit: run.commit, into: command.into })]
    : [fact('branch.discarded', { branch })];
};
