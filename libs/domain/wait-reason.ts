import type { Interaction, Role, WaitReason } from '#contracts';
import { type ObservedChildren, waitsForTasks } from './children/wait-for-tasks.ts';
import { describeOutage } from './engines/outages.ts';
import { isDrivenOutside } from './outside/outside.decide.ts';
import { waitsOutside } from './outside/outside.view.ts';
import { currentInvocation, type Invocation, type Live, openInteractions, type State } from './run.ts';
import { waitsForWork } from './work/work.view.ts';

/** What the shell saw outside the log: never needed to decide, only to explain. */
export interface Observed {
  /** Live workers a role. */
  readonly workers: Readonly<Record<Role, number>>;
  readonly job: { readonly state: 'waiting' | 'active' | 'missing'; readonly ahead: number } | null;
  /** The budget that has nothing left for it, or nothing that others do not hold; `null`: it was granted what it wants. */
  readonly lacks?: { readonly what: 'busy' | 'exceeded'; readonly account: string } | null;
  /** Why the stream was set aside, or `null`. */
  readonly quarantined: string | null;
  /** Of a run that consists of tasks. */
  readonly children: ObservedChildren;
}

export const nothingObserved: Observed = {
  workers: { architect: 1, planner: 1, builder: 1 },
  job: null,
  quarantined: null,
  children: {},
};

const KINDS: Readonly<Partial<Record<Interaction['kind'], WaitReason['kind']>>> = {
  route: 'approval',
  map: 'approval',
  budget: 'budget',
  permission: 'approval',
};

const asked = (run: Live): WaitReason | null => {
  const [question, ...others] = openInteractions(run);
  if (!question) return null;
  const deadlines = [question, ...others].flatMap(({ deadline }) => deadline ?? []).toSorted();
  const more = others.length > 0 ? ` (and ${others.map(({ id }) => id).join(', ')})` : '';
  return {
    kind: KINDS[question.kind] ?? 'question',
    owner: 'a person',
    until: deadlines[0] ?? null,
    detail: `${question.id}: ${question.prompt}${more}`,
    since_version: run.head.version,
  };
};

const lacking = ({ what, account }: NonNullable<Observed['lacks']>, since_version: number): WaitReason => ({
  kind: 'budget',
  owner: what === 'exceeded' ? 'a person' : 'the runs that hold it',
  until: null,
  detail:
    what === 'exceeded' ? `budget ${account} is used up` : `what is left of budget ${account} is held back for others`,
  since_version,
});

const queued = ({ role }: Invocation, { job }: Observed, since_version: number): WaitReason => ({
  kind: 'queued',
  owner: `queue agent-${role}`,
  until: null,
  detail: job && job.ahead > 0 ? `${job.ahead} jobs ahead on agent-${role}` : `next on agent-${role}`,
  since_version,
});

const dispatched = ({ engines }: Live, current: Invocation, observed: Observed, now: string): WaitReason => {
  const since_version = current.dispatch ?? 0;
  const { role, lease, notBefore } = current;
  const engine = engines.chosen.findLast((chosen) => chosen.role === role)?.engine;
  const out = engines.outages.filter((outage) => outage.until !== null && outage.until > now).map(describeOutage);
  if (notBefore && notBefore > now)
    return {
      kind: 'due',
      owner: 'router',
      until: notBefore,
      detail: `${role} runs again at ${notBefore}${out.length > 0 ? `: ${out.join(', ')}` : ''}`,
      since_version,
    };
  if (lease)
    return {
      kind: 'running',
      owner: `${role} ${lease.worker.host}:${lease.worker.pid}`,
      until: null,
      detail: `running${engine ? ` with ${engine}` : ''} under lease ${lease.number} since ${lease.since}`,
      since_version: lease.number,
    };
  if (observed.lacks) return lacking(observed.lacks, since_version);
  if (observed.workers[role] === 0)
    return {
      kind: 'no_worker',
      owner: 'whoever runs Studio',
      until: null,
      detail: `no ${role} worker is alive: studio up, or studio start agent ${role}`,
      since_version,
    };
  return queued(current, observed, since_version);
};

/** The one reason why a live orchestration is where it is; `null` when it has ended or never was. */
export const waitReason = (state: State, observed: Observed, now: string): WaitReason | null => {
  if (state.lifecycle !== 'live') return null;
  const since_version = state.head.version;
  if (observed.quarantined)
    return { kind: 'quarantined', owner: 'a person', until: null, detail: observed.quarantined, since_version };
  if (state.paused)
    return {
      kind: 'paused',
      owner: state.paused.by,
      until: null,
      detail: `paused by ${state.paused.by}${state.paused.reason ? `: ${state.paused.reason}` : ''}`,
      since_version,
    };
  if (isDrivenOutside(state)) return waitsOutside(state);
  const reason = asked(state) ?? waitsForWork(state) ?? waitsForTasks(state, observed.children);
  if (reason) return reason;
  const current = currentInvocation(state);
  return current?.status === 'active'
    ? dispatched(state, current, observed, now)
    : { kind: 'routing', owner: 'router', until: null, detail: 'being routed', since_version };
};
