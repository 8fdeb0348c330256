import type { EventOf } from '#events';
import { endOf } from '../children/end-parent.ts';
import { awaitsChildren } from '../children/family.ts';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { needsApproval } from '../interactions/map-question.ts';
import { currentInvocation, isHeldUp, type Live } from '../run.ts';
import { openAssignment } from '../work/find-work.ts';

/** Only a new try of what failed, or a plan that changed under it, is a new attempt; the rest goes on where it stopped. */
const isNewAttempt = {
  first: true,
  retry: true,
  skipped_step: true,
  replan: true,
  rewound: true,
  forked: true,
  continued: false,
  handed_back: false,
  answered: false,
} as const;

/** Somebody else moves next: a person decides, or does the work of the one whose turn it is. */
const isAsked = (run: Live): boolean => isHeldUp(run) || openAssignment(run) !== undefined;

/** Orders the run of the invocation whose turn it is, when something wants it and nothing stands against it. */
export const dispatch = (run: Live): EventOf<'agent.dispatched'> | null => {
  const next = currentInvocation(run);
  if (!next || !run.wanted || run.paused || !run.routeConfirmed || isAsked(run)) return null;
  if (next.role === 'builder' && awaitsChildren(run)) return null;
  const { reason, hint, notBefore = null } = run.wanted;
  return fact('agent.dispatched', {
    invocation: next.number,
    role: next.role,
    attempt: Math.max(1, next.attempt + (isNewAttempt[reason] ? 1 : 0)),
    reason,
    hint,
    notBefore,
  });
};

/** When every invocation is done and nobody is asked what to do with it, so is the run. */
export const complete = (run: Live): EventOf<'orchestration.completed' | 'orchestration.failed'> | null =>
  run.invocations.length > 0 && !currentInvocation(run) && !isHeldUp(run) && !needsApproval(run) ? endOf(run) : null;

/**
 * A worker begins. `[]` when the run it was sent for is no longer the one that is ordered, or when it has begun already;
 * it looks at the state to learn which.
 */
export const start = (run: Live, { dispatch: asked, worker }: CommandOf<'start'>): Decision => {
  const current = currentInvocation(run);
  // While a person is asked nobody works: a job that a dead worker left comes too early, or too late.
  if (!current || run.paused || isAsked(run) || current.status !== 'active' || current.dispatch !== asked) return [];
  if (current.lease?.worker.id === worker.id) return [];
  if (current.leases < run.submission.policy.leasesPerAttempt)
    return [fact('agent.started', { dispatch: asked, worker })];
  return [
    fact('failure.recorded', {
      lease: null,
      seq: null,
      role: current.role,
      attempt: current.attempt,
      step: run.steps.find(({ status }) => status === 'active')?.id ?? null,
      gate: null,
      category: 'blocker',
      error: `worker died ${current.leases} times without verified progress between`,
      fingerprint: 'worker-died',
      unblock: 'look at the logs of the last worker; what it ran may exhaust memory or kill its own process',
      pattern: null,
      until: null,
      progress: null,
      engine: null,
      provider: null,
    }),
  ];
};
