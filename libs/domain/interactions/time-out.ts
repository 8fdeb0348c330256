import type { Interaction } from '#contracts';
import { type Context, type Decision, fact } from '../context.ts';
import { type Live, openInteractions } from '../run.ts';
import { closeOpenWork, timeOutWork } from '../work/work.decide.ts';
import { assumeDefault, close } from './closing.ts';

const UNDECIDED: Readonly<Record<Exclude<Interaction['kind'], 'question'>, string>> = {
  route: 'nobody confirmed the route',
  map: 'nobody approved the map',
  escalation: 'nobody decided how to go on',
  permission: 'nobody allowed what an agent asked for',
  budget: 'nobody raised the budget',
};

const isOverdue = ({ deadline }: Interaction, now: string): boolean => deadline !== null && deadline <= now;

/**
 * What time alone decides: what has a default takes it, a decision that nobody made ends the run. Checked against the
 * time of the command, so that who asks too early, or too late, changes nothing.
 */
export const timeOut = (run: Live, context: Context): Decision => {
  const { now } = context;
  const overdue = openInteractions(run).filter((interaction) => isOverdue(interaction, now));
  const decision = overdue.find(({ kind, default: fallback }) => kind !== 'question' && fallback === null);
  if (!decision || decision.kind === 'question')
    return [...overdue.map((question) => assumeDefault(question, 'expired')), ...timeOutWork(run, context)];
  const first = decision.prompt.split('\n', 1)[0];
  return [
    ...openInteractions(run).map((interaction) =>
      close(interaction, isOverdue(interaction, now) ? 'expired' : 'withdrawn'),
    ),
    ...closeOpenWork(run, 'withdrawn'),
    fact('orchestration.failed', {
      reason: `${UNDECIDED[decision.kind]} by ${decision.deadline} (${decision.id}: ${first})`,
    }),
  ];
};
