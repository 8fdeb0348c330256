import type { AgentStatus, OutsideState, Role, Status, WaitReason } from '#contracts';
import type { Live, Run } from '../run.ts';
import { isDrivenOutside } from './outside.decide.ts';

/** What the agents of a run that somebody else drives amount to. */
export const outsideStatus = ({ outside }: Live): Status => {
  const last = outside.agents.at(-1);
  if (!last) return outside.failures.length > 0 ? 'recovering' : 'routing';
  return last.status === 'failed' ? 'recovering' : 'executing';
};

/** Of an agent of the route. */
export const outsideAgentStatus = ({ outside }: Run, role: Role): AgentStatus =>
  outside.agents.findLast(({ agent }) => agent === role)?.status ?? 'pending';

export const outsideDocument = (run: Run): OutsideState | null =>
  isDrivenOutside(run)
    ? {
        routed_goal: run.route?.goal ?? null,
        agents: run.outside.agents.map(({ startedAt, completedAt, input, output, ...agent }) => ({
          ...agent,
          started_at: startedAt,
          completed_at: completedAt,
          input: { ...input },
          output: output && { ...output },
        })),
        failures: run.outside.failures.map(({ time, agent, error, action }) => ({
          time,
          agent,
          error,
          recovery_action: action,
        })),
        handoffs: run.outside.handoffs.map(({ time, from, to, context }) => ({ time, from, to, context })),
      }
    : null;

export const waitsOutside = (run: Live): WaitReason => ({
  kind: 'outside',
  owner: 'whoever runs scripts/orchestrator.sh',
  until: null,
  detail: 'driven from outside',
  since_version: run.head.version,
});
