import { isDeepStrictEqual } from 'node:util';
import { RuleViolation } from '#contracts';
import type { CommandOf } from '../command.ts';
import { type Context, type Decision, fact } from '../context.ts';
import { decideAgain } from '../routing/route-fact.ts';
import type { Live, OutsideAgent, Run } from '../run.ts';
import { outsideRecovery, recoveryAfter } from './recovery.ts';

export const isDrivenOutside = ({ submission }: Run): boolean => submission.driver === 'outside';

const assertOutside = (run: Run): void => {
  if (isDrivenOutside(run)) return;
  throw new RuleViolation(
    'outside.driven_by_studio',
    `the agents of ${run.id} are Studio's own: it starts them, and learns from them how they end`,
  );
};

/** The newest start of this agent. */
const newest = ({ outside }: Run, agent: string): OutsideAgent | undefined =>
  outside.agents.findLast((known) => known.agent === agent);

export const startOutside = (run: Live, { agent, input }: CommandOf<'outside_start'>): Decision => {
  assertOutside(run);
  return newest(run, agent)?.status === 'active' ? [] : [fact('outside.started', { agent, input })];
};

/** Nothing new is said by who says it again, or says no more than that it is done. */
const isTold = (known: OutsideAgent, output: OutsideAgent['input']): boolean =>
  Object.keys(output).length === 0 || isDeepStrictEqual(known.output, output);

/**
 * Of an agent that nobody said had started both are recorded: what it brings is not lost for want of a word. Of one that
 * is done and brings something else, that.
 */
export const completeOutside = (run: Live, { agent, output }: CommandOf<'outside_complete'>): Decision => {
  assertOutside(run);
  const known = newest(run, agent);
  if (known?.status === 'completed' && isTold(known, output)) return [];
  const completed = fact('outside.completed', { agent, output });
  return known && known.status !== 'failed' ? [completed] : [fact('outside.started', { agent, input: {} }), completed];
};

/** Each time is one failure more, even of an agent that has not been started again since the last. */
export const failOutside = (run: Live, { agent, error }: CommandOf<'outside_fail'>): Decision => {
  assertOutside(run);
  const { action } = recoveryAfter(outsideRecovery(run, agent).failure_count + 1);
  const failed = fact('outside.failed', { agent, error, action });
  return newest(run, agent) ? [failed] : [fact('outside.started', { agent, input: {} }), failed];
};

export const handOverOutside = (run: Live, { from, to, context }: CommandOf<'outside_hand_over'>): Decision => {
  assertOutside(run);
  return [fact('outside.handed_over', { from, to, context })];
};

/** Another workflow, or the route of another goal: whoever drives is free to choose. */
export const rerouteOutside = (run: Live, wanted: CommandOf<'outside_route'>, context: Context): Decision => {
  assertOutside(run);
  return decideAgain(run, wanted, context);
};

/** Whoever drove the agents is done with the run: it is completed if every agent of its route is, else given up. */
export const endOutside = (run: Live): Decision => {
  assertOutside(run);
  const open = run.route?.agents.filter((role) => newest(run, role)?.status !== 'completed') ?? [];
  return open.length === 0
    ? [fact('orchestration.completed', { commit: null })]
    : [fact('orchestration.aborted', { reason: `cleaned up before ${open.join(' and ')} completed` })];
};
