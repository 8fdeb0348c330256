import type {
  AgentStatus,
  CheckResult,
  DiscoveredGate,
  FileChange,
  Gate,
  Interaction,
  OutcomeKind,
  ProjectMap,
  Role,
  Task,
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

export interface Failure extends Omit<EventOf<'failure.recorded'>['data'], 'lease' | 'seq'> {
  readonly time: string;
  readonly version: number;
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
  /** The run as it was then, by reference: what going back returns to. */
  readonly saved: Snapshot;
}

/** What of a run comes back when it goes back to a checkpoint. The rest is history, and stays. */
export type Snapshot = Pick<
  Run,
  | 'route'
  | 'routeConfirmed'
  | 'invocations'
  | 'workspace'
  | 'commit'
  | 'plan'
  | 'planAccepted'
  | 'steps'
  | 'gates'
  | 'criteria'
  | 'files'
  | 'raised'
  | 'answers'
  | 'map'
  | 'mapApproved'
  | 'children'
  | 'childrenAtOnce'
>;

export interface Handoff {
  readonly from: Role;
  readonly to: Role;
  readonly context: Readonly<Record<string, unknown>>;
  readonly time: string;
}

/** One of several tasks, and the run that does it. */
export interface Child {
  readonly task: Task;
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'skipped';
  /** Its orchestration, once it started; of several tries the newest. */
  readonly id: string | null;
  readonly try: number;
  readonly outcome: OutcomeKind | null;
  readonly reason: string | null;
  readonly base: string | null;
  readonly commit: string | null;
  /** The tree with its work in it. */
  readonly merged: string | null;
}

/** What a question of the planner came to. */
export interface GivenAnswer {
  readonly id: string;
  readonly question: string;
  readonly response: string;
  readonly round: number;
  /** Nobody answered: the default stands. */
  readonly assumed: boolean;
}

type Reported<D> = Omit<D, 'lease' | 'seq'>;

/** What agents were given to read. */
export interface ContextLedger {
  readonly allocated: Reported<EventOf<'context.allocated'>['data']> | null;
  readonly given: readonly (Reported<EventOf<'context.given'>['data']> & { readonly invocation: number })[];
  readonly optimised: readonly Reported<EventOf<'context.optimised'>['data']>[];
}

/** An agent that somebody else drives, as it was told. */
export interface OutsideAgent {
  readonly agent: string;
  readonly status: 'active' | 'completed' | 'failed';
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
}

export interface Outside {
  readonly agents: readonly OutsideAgent[];
  readonly failures: readonly (EventOf<'outside.failed'>['data'] & { readonly time: string })[];
  readonly handoffs: readonly (EventOf<'outside.handed_over'>['data'] & { readonly time: string })[];
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
  /** Questions of the planner that are not put to anybody yet. */
  readonly raised: Reported<EventOf<'questions.raised'>['data']> | null;
  readonly answers: readonly GivenAnswer[];
  /** Plans that were made anew after a failure. */
  readonly replans: number;
  /** The failure that the next plan has to avoid, until there is one. */
  readonly replan: Failure | null;
  readonly map: ProjectMap | null;
  /** A person said yes to the map, or nobody has to. */
  readonly mapApproved: boolean;
  readonly children: readonly Child[];
  readonly childrenAtOnce: number;
  readonly aborting: { readonly by: string; readonly reason: string | null } | null;
  readonly forkedFrom: Omit<EventOf<'orchestration.forked'>['data'], 'changes'> | null;
  readonly context: ContextLedger;
  readonly learnings: EventOf<'learnings.captured'>['data']['entries'];
  readonly outside: Outside;
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

export const openInteractions = (run: Run): readonly Interaction[] =>
  run.interactions.filter(({ outcome }) => outcome === null);

/** The one that is open, or that was opened first. */
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
