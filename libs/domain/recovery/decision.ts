import { canRedo, taskOf } from '../children/redo.ts';
import type { Context } from '../context.ts';
import type { Failure, Run } from '../run.ts';
import { backoffMs, type Decided, decided, later, waitOut } from './decided.ts';
import { decideProviderFault } from './provider-fault.ts';
import { limitOf, repetitionsOf, triesOf, windowsBefore } from './tries.ts';

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** What the step's author says about mending it; else what is known of errors of this kind. */
const fixHint = (run: Run, { step: failed, pattern, unblock }: Failure): string | null => {
  const step = run.plan?.plan.steps.find(({ id }) => id === failed);
  return step?.retry_behavior?.fix_hints.join('\n') || (pattern === null ? null : unblock);
};

/** Only a build has a plan to replace. */
const canReplan = (run: Run, { role }: Failure): boolean =>
  role === 'builder' && run.plan !== null && run.replans < run.submission.policy.replans;

/** What is left to say once another plan did not help; `null` where none was made. */
export const failedForGood = (run: Run, failure: Failure): string | null =>
  run.replans === 0 || failure.role !== 'builder'
    ? null
    : `Build failed after ${count(triesOf(run, failure), 'retry', 'retries')} and ${count(run.replans, 'replan attempt', 'replan attempts')}`;

const elseReplan = (run: Run, failure: Failure, reason: string): Decided =>
  canReplan(run, failure)
    ? decided('replan', `${reason}, so a new plan is made`)
    : decided('escalate', failedForGood(run, failure) ?? reason);

const retry = (run: Run, failure: Failure, { now, draw }: Context): Decided => {
  const tries = triesOf(run, failure);
  const limit = limitOf(run, failure);
  if (tries >= limit) return elseReplan(run, failure, `${tries} of ${limit} tries are used up`);
  const reason = `try ${tries} of ${limit} failed`;
  // The same input again cannot mend code, and is exactly right for a fault that passes.
  return failure.category === 'code_error'
    ? decided('retry', reason, { hint: fixHint(run, failure) })
    : decided('retry', reason, { notBefore: later(now, backoffMs(tries, draw)) });
};

/** What follows from a failure: the first of these rules that holds. */
export const decideRecovery = (run: Run, failure: Failure, context: Context): Decided => {
  const { category, until } = failure;
  if (category === 'critical') return decided('halt', 'nothing may go on after this');
  const ofProvider = decideProviderFault(run, failure, context);
  if (ofProvider) return ofProvider;
  if (until !== null && until > context.now) return waitOut(until, context, windowsBefore(run, failure));
  if (category === 'blocker') return decided('escalate', 'a person has to unblock it');
  const task = taskOf(run, failure);
  if (task !== null)
    return canRedo(run, task)
      ? decided('replan', `${task} is done again on the merged tree`)
      : decided('escalate', `${task} was done again, and still does not merge`);
  const { repeats } = run.submission.policy;
  const repetitions = repetitionsOf(run, failure);
  if (repeats > 0 && repetitions >= repeats)
    return decided(
      'escalate',
      `this is a loop: the same error came ${repetitions} times, with the same files and the same checks passed`,
    );
  if (category === 'design_flaw')
    return elseReplan(run, failure, 'the approach does not work; trying it again cannot help');
  return retry(run, failure, context);
};
