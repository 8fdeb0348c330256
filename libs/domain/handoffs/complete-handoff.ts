import { type HandoffContext, RuleViolation } from '#contracts';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { type Handoff, type Live, presentHandoffs } from '../run.ts';
import { missingFields } from './contexts.ts';
import { dueHandoff } from './handoffs.ts';

type Begun = Pick<Handoff, 'from' | 'to' | 'context'>;

/** The handoff that is held back, or else the last one that was made. */
const begun = (run: Live): Begun | null => dueHandoff(run) ?? presentHandoffs(run).at(-1) ?? null;

const isAlreadySo = (context: HandoffContext, given: HandoffContext): boolean =>
  Object.entries(given).every(([field, value]) => JSON.stringify(context[field]) === JSON.stringify(value));

/**
 * A person adds to a handoff, or corrects it: what is given goes before what the log knows.
 * @throws {RuleViolation} there is none in that direction, or it would still lack a field
 */
export const completeHandoff = (run: Live, { from, to, context: given }: CommandOf<'complete_handoff'>): Decision => {
  const handoff = begun(run);
  if (!handoff || (from !== null && from !== handoff.from) || (to !== null && to !== handoff.to))
    throw new RuleViolation(
      'handoff.unknown',
      handoff
        ? `the handoff to complete is from ${handoff.from} to ${handoff.to}, not from ${from ?? handoff.from} to ${to ?? handoff.to}`
        : `nothing is handed over in ${run.id} so far`,
    );
  const context = { ...handoff.context, ...given };
  const missing = missingFields(handoff, context);
  if (missing.length > 0)
    throw new RuleViolation(
      'handoff.incomplete',
      `the handoff from ${handoff.from} to ${handoff.to} lacks ${missing.join(', ')}`,
      { missing },
    );
  if (dueHandoff(run) === null && isAlreadySo(handoff.context, given)) return [];
  return [fact('handoff.completed', { from: handoff.from, to: handoff.to, context })];
};
