import type { BacktestChange } from '#contracts';
import { currentInvocation, decide, type Failure, follow, type Live, lastFailure, type RoutingPolicy } from '#domain';
import type { Event, RecordedOf } from '#events';
import { contextOf } from '../decision-context.ts';

type Seen = Extract<BacktestChange, { what: 'recovery' }>['recorded'];
type RecoveryEvent = RecordedOf<'recovery.decided'>;

export interface JudgedRecovery {
  readonly error: string;
  readonly recorded: Seen;
  readonly policy: Seen;
  readonly drifted: boolean;
}

interface Both {
  readonly recorded: Live;
  readonly policy: Live;
}

/** Of the failure that the orchestrator itself records, of workers that died. */
const WORKER_DIED = 'worker-died';

const seen = ({ action, counted, reason, hint, notBefore }: RecoveryEvent['data'], { category }: Failure): Seen => ({
  action: action === 'retry' && !counted ? 'wait' : action,
  reason,
  category,
  hint,
  not_before: notBefore,
});

/** The attempt has workers left: what died is replaced, and no failure is recorded. */
const goesOn = (run: Live, category: Failure['category']): Seen | null => {
  const leases = currentInvocation(run)?.leases ?? 0;
  const most = run.submission.policy.leasesPerAttempt;
  if (leases >= most) return null;
  const reason = `${leases} of ${most} workers of this attempt have died`;
  return { action: 'go_on', reason, category, hint: null, not_before: null };
};

const isSame = (recorded: RecoveryEvent['data'], again: RecoveryEvent['data']): boolean =>
  recorded.action === again.action &&
  recorded.counted === again.counted &&
  recorded.hint === again.hint &&
  recorded.notBefore === again.notBefore;

/** What was decided about a failure, under both policies. */
export const judgeRecovery = (
  event: RecoveryEvent,
  { recorded, policy }: Both,
  routing: RoutingPolicy,
): JudgedRecovery | null => {
  const failure = lastFailure(recorded);
  const otherFailure = lastFailure(policy);
  if (!failure || !otherFailure) return null;
  const { error } = failure;
  const was = seen(event.data, failure);
  const context = contextOf(event, routing);
  const decidedBy = (run: Live): RecoveryEvent['data'] | null => {
    const next = follow(run, context);
    return next?.type === 'recovery.decided' ? next.data : null;
  };
  const again = decidedBy(recorded);
  const other = decidedBy(policy);
  if (again === null || other === null || !isSame(event.data, again))
    return { error, recorded: was, policy: was, drifted: true };
  const spared = failure.fingerprint === WORKER_DIED ? goesOn(policy, failure.category) : null;
  return { error, recorded: was, policy: spared ?? seen(other, otherFailure), drifted: false };
};

const actionOf = (events: readonly Event[]): 'go_on' | 'escalate' | null => {
  const [first] = events;
  if (first?.type === 'agent.started') return 'go_on';
  return first?.type === 'failure.recorded' ? 'escalate' : null;
};

/** Whether a worker that began would have begun: after so many that died, a person is asked instead. */
export const judgeStart = (
  event: RecordedOf<'agent.started'>,
  { recorded, policy }: Both,
  routing: RoutingPolicy,
): JudgedRecovery | null => {
  // A worker for the first time in an attempt begins under any policy.
  if ((currentInvocation(recorded)?.leases ?? 0) === 0) return null;
  const { dispatch, worker } = event.data;
  const of = (run: Live) => actionOf(decide(run, { type: 'start', dispatch, worker }, contextOf(event, routing)));
  const error = `a worker died, and another began`;
  const [was, other] = [of(recorded), of(policy)];
  const as = (action: Seen['action'], reason: string): Seen => ({
    action,
    reason,
    category: 'blocker',
    hint: null,
    not_before: null,
  });
  const kept = as('go_on', 'workers are left for this attempt');
  if (was !== 'go_on' || other === null) return { error, recorded: kept, policy: kept, drifted: true };
  const most = policy.submission.policy.leasesPerAttempt;
  const stopped = as('escalate', `${most} of ${most} workers of this attempt have died`);
  return { error, recorded: kept, policy: other === 'go_on' ? kept : stopped, drifted: false };
};
