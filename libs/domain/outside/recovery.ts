import type { OutsideRecovery } from '#contracts';
import type { Run } from '../run.ts';

/**
 * The policy `plugin`: by the number of failures alone, because nothing else is known of an agent that somebody else
 * drives. Apart from the recovery of agents that Studio runs, which looks at what failed.
 */
const PLUGIN_POLICY = { retry_max: 3, replan_max: 5 } as const;

const WHY = {
  retry: (count: number) => `${count} failed, fewer than ${PLUGIN_POLICY.retry_max}: try again`,
  replan: (count: number) => `${count} failed, ${PLUGIN_POLICY.retry_max} and more: plan anew`,
  escalate: (count: number) => `${count} failed, ${PLUGIN_POLICY.replan_max} and more: ask a person`,
} as const;

const actionAfter = (failures: number): OutsideRecovery['action'] => {
  if (failures < PLUGIN_POLICY.retry_max) return 'retry';
  return failures < PLUGIN_POLICY.replan_max ? 'replan' : 'escalate';
};

/** What follows from so many failures. */
export const recoveryAfter = (failures: number): OutsideRecovery => {
  const action = actionAfter(failures);
  return { action, reason: WHY[action](failures), failure_count: failures, thresholds: { ...PLUGIN_POLICY } };
};

/** What follows from the failures so far of this agent, or of all. */
export const outsideRecovery = ({ outside }: Run, agent: string | null): OutsideRecovery =>
  recoveryAfter(outside.failures.filter((failure) => agent === null || failure.agent === agent).length);
