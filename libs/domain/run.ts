import type {
  AgentStatus,
  CheckResult,
  DiscoveredGate,
  FailureCategory,
  FileChange,
  Gate,
  Interaction,
  OutcomeKind,
  Role,
  Workflow,
} from '#contracts';
import type { EventOf, Head, Signal } from '#events';
import { changeInvocation } from './copy.ts';

/** A worker process executing an attempt. Its number is the version of the `agent.started` that it appended. */
export interface Lease {
  readonly number: number;
  readonly worker: { readonly id: string; readonly host: string; readonly pid: number };
  /** Last report taken in under this lease; anything up to it is a repetition. */
  readonly seq: number;
  readonly since: string;
}

/** A role's place in the sequence. It may take several attempts, and each attempt several leases. */
export interface Invocation {
  readonly number: number;
  readonly role: Role;
  readonly status: AgentStatus;
  readonly attempt: number;
  /** Version of the `agent.dispatched` in force, or `null` before the first. */
  readonly dispatch: number | null;
  readonly notBefore: string | null;
  readonly hint: string | null;
  readonly lease: Lease | null;
  /** Leases since the last verified progress of this attempt: workers that died, plus the present one. */
  readonly leases: number;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
}

export interface Step {
  readonly id: string;
  readonly name: string;
  readonly status: 'pending' | 'active' | 'completed' | 'failed' | 'skipped';
  /** Tries that failed in this attempt. */
  readonly tries: number;
  readonly commit: string | null;
  readonly error: string | null;
  readonly checks: readonly CheckResult[];
}

export interface GateProgress {
  readonly gate: Gate;
  readonly command: string | null;
  readonly source: string;
  readonly base: DiscoveredGate['base'];
  readonly status: 'pending' | 'passed' | 'failed' | 'red_before' | 'not_available' | 'off';
  readonly tries: number;
}

export interface Failure {
  readonly time: string;
  readonly version: number;
  readonly role: Role;
  readonly attempt: number;
  readonly step: string | null;
  readonly gate: Gate | null;
  readonly category: FailureCategory;
  readonly error: string;
  readonly fingerprint: string;
  readonly unblock: string | null;
  /** What was decided about it, or `null` until then. */
  readonly recovery: EventOf<'recovery.decided'>['data'] | null;
  /** A person was asked about it. */
  readonly asked: boolean;
}

export interface Checkpoint {
  readonly id: string;
  readonly name: string;
  readonly afterAgent: Role | null;
  readonly version: number;
  readonly commit: string | null;
  readonly time: string;
}

export interface Handoff {
  readonly from: Role;
  readonly to: Role;
  readonly context: Readonly<Record<string, unknown>>;
  readonly time: string;
}

export interface Route {
  readonly workflow: Workflow;
  readonly complexity: EventOf<'route.decided'>['data']['complexity'];
  readonly agents: readonly Role[];
  readonly confidence: number;
  readonly signals: readonly Signal[];
  readonly skills: readonly string[];
}

export interface PlanInForce {
  readonly plan: EventOf<'plan.created'>['data']['plan'];
  readonly source: string;
  readonly confidence: number;
  readonly cautions: readonly string[];
}

/** Why the invocation that is current must be dispatched (again). */
export interface WantedDispatch {
  readonly reason: EventOf<'agent.dispatched'>['data']['reason'];
  readonly hint: string | null;
}

export interface Outcome {
  readonly kind: OutcomeKind;
  readonly reason: string | null;
  readonly time: string;
}

/** Everything that is known of a run: the fold of its stream. */
export interface Run {
  readonly id: string;
  readonly head: Head;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly submission: EventOf<'goal.submitted'>['data'];
  readonly route: Route | null;
  readonly routeConfirmed: boolean;
  readonly invocations: readonly Invocation[];
  readonly wanted: WantedDispatch | null;
  readonly workspace: Omit<EventOf<'workspace.prepared'>['data'], 'lease' | 'seq'> | null;
  /** Last verified commit that the log names; the base until there is one. */
  readonly commit: string | null;
  readonly plan: PlanInForce | null;
  readonly planAccepted: boolean;
  readonly steps: readonly Step[];
  readonly gates: readonly GateProgress[];
  readonly criteria: EventOf<'acceptance.checked'>['data']['results'];
  readonly files: readonly FileChange[];
  readonly failures: readonly Failure[];
  readonly handoffs: readonly Handoff[];
  readonly checkpoints: readonly Checkpoint[];
  /** A checkpoint that the facts call for and that is not saved yet. */
  readonly checkpointDue: { readonly name: string; readonly afterAgent: Role | null } | null;
  readonly verifiedSinceCheckpoint: number;
  readonly interactions: readonly Interaction[];
  readonly paused: { readonly by: string; readonly since: string; readonly reason: string | null } | null;
  readonly progress: string | null;
  readonly retries: number;
  readonly landed: 'applied' | 'discarded' | null;
}

export type Live = Run & { readonly lifecycle: 'live' };
export type Ended = Run & { readonly lifecycle: 'ended'; readonly outcome: Outcome };
export type State = { readonly lifecycle: 'absent'; readonly head: Head } | Live | Ended;

export const absent: State = { lifecycle: 'absent', head: { version: 0, hash: '' } };

/** The first invocation that is neither completed nor skipped: the one whose turn it is. */
export const currentInvocation = (run: Run): Invocation | undefined =>
  run.invocations.find(({ status }) => status !== 'completed' && status !== 'skipped');

export const openInteraction = (run: Run): Interaction | undefined =>
  run.interactions.find(({ outcome }) => outcome === null);

export const lastFailure = (run: Run): Failure | undefined => run.failures.at(-1);

/** Changes the newest failure. */
export const updateLastFailure = (run: Run, change: Partial<Failure>): readonly Failure[] => {
  const failure = lastFailure(run);
  return failure ? [...run.failures.slice(0, -1), { ...failure, ...change }] : run.failures;
};

export const updateInvocation = (run: Run, number: number, change: Partial<Invocation>): readonly Invocation[] =>
  run.invocations.map((invocation) =>
    invocation.number === number ? changeInvocation(invocation, change) : invocation,
  );

/** Changes the invocation whose turn it is. */
export const updateCurrent = (run: Run, change: Partial<Invocation>): readonly Invocation[] => {
  const current = currentInvocation(run);
  return current ? updateInvocation(run, current.number, change) : run.invocations;
};
