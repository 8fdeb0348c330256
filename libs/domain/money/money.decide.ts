import { RuleViolation } from '#contracts';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { type Ended, isHeldUp, type Live, type Run } from '../run.ts';
import { unitOf } from './budget.ts';

/**
 * What was paid was paid: whoever tells it, under a lease that is over, or after the end. An amount is known by its
 * lease and number, and counts once.
 */
export const recordUsage = (run: Live | Ended, { lease, entries }: CommandOf<'record_usage'>): Decision =>
  entries
    .filter(({ number }) => number > (run.spend.recorded[lease] ?? 0))
    .map((entry) => fact('usage.recorded', { lease, ...entry }));

/** Somebody raised this limit since whoever says that it is used up looked. */
const wasRaised = ({ budget }: Run, { account, spent }: CommandOf<'exceed_budget'>): boolean =>
  (budget.raised[account] ?? 0) > spent;

/** Nobody is asked twice at once, nor beside another decision, and nobody who has been answered since: who is sent to work then finds it used up again. */
export const exceedBudget = (run: Live, command: CommandOf<'exceed_budget'>): Decision => {
  if (run.aborting || run.budget.exceeded || isHeldUp(run) || wasRaised(run, command)) return [];
  const { type: _type, ...exceeded } = command;
  return [fact('budget.exceeded', exceeded)];
};

/** @throws {RuleViolation} it would be no raise */
export const raiseTo = (exceeded: NonNullable<Run['budget']['exceeded']>, answer: string): Decision => {
  const { account, spent } = exceeded;
  const limit = Number(answer);
  if (limit > spent) return [fact('budget.raised', { account, limit })];
  const unit = unitOf(account) === 'usd' ? 'USD' : 'tokens';
  throw new RuleViolation(
    'budget.no_raise',
    `${answer} ${unit} would be used up already: ${spent} ${unit} are spent; name more than that`,
  );
};
