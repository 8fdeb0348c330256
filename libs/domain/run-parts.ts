import type {
  AgentStatus,
  CheckResult,
  DiscoveredGate,
  Gate,
  OutcomeKind,
  ProviderFault,
  Role,
  Task,
  Workflow,
} from '#contracts';
import type { EventOf, Signal } from '#events';

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
  /** The engine that goes on in place of the one that failed, or `null`. */
  readonly goesOnWith: string | null;
}

/** Who was last asked for a kind of work, and who else could have been. */
export type ChosenEngine = Reported<EventOf<'engine.chosen'>['data']>;

/** Why an engine is not asked for a while. */
export interface Outage {
  readonly engine: string;
  readonly provider: ProviderFault;
  /** `null`: until a person acts. */
  readonly until: string | null;
  /** The provider named the end itself; else it is a guess, and it may answer at any time. */
  readonly told: boolean;
  /** How often, in this run. */
  readonly times: number;
  readonly error: string;
}

/** Who thinks in this run. */
export interface Engines {
  readonly chosen: readonly ChosenEngine[];
  readonly outages: readonly Outage[];
  readonly failedOver: readonly (EventOf<'engine.failed_over'>['data'] & { readonly time: string })[];
}

/**
 * Where the run last went back, or began as a fork. What had happened by then is kept and shown, and decides nothing any
 * more: so many failures, interactions and handoffs are from before.
 */
export interface Past {
  /** How often it went back; a fork goes on counting. */
  readonly times: number;
  readonly checkpoint: string | null;
  /** Of the fact that it went back; 0 while it never did. */
  readonly version: number;
  readonly failures: number;
  readonly interactions: number;
  readonly handoffs: number;
  /** Verified heads that were left behind: the branch may still stand at one of them. */
  readonly commits: readonly string[];
}

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
  /** What it was told to build on. None: HEAD. */
  readonly bases: readonly string[];
  /** What it did build on. */
  readonly base: string | null;
  readonly commit: string | null;
  /** The tree with its work in it. */
  readonly merged: string | null;
  /** What a person wants to be different the next time. */
  readonly hint: string | null;
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

/** What an agent waits for, while its worker keeps the lease. */
export interface Permit extends Omit<EventOf<'permission.asked'>['data'], 'seq'> {
  /** `null` until it is put to a person. */
  readonly interaction: string | null;
}

/** A conversation with an agent that a later call may go on with. */
export type KeptSession = Reported<EventOf<'session.kept'>['data']>;

export type Reported<D> = Omit<D, 'lease' | 'seq'>;

/** What agents were given to read. */
export interface ContextLedger {
  readonly allocated: Reported<EventOf<'context.allocated'>['data']> | null;
  readonly given: readonly (Reported<EventOf<'context.given'>['data']> & { readonly invocation: number })[];
  /** The newest call, where it was more than an agent may be given. */
  readonly refused: Reported<EventOf<'context.refused'>['data']> | null;
  readonly optimised: readonly Reported<EventOf<'context.optimised'>['data']>[];
}

/** What this run found out that the next one should know. */
export interface FoundOut {
  readonly domain: string;
  readonly text: string;
  readonly time: string;
}

/** Who does a piece of work that was handed out. The lease is the version of the `work.taken`. */
export interface Holder {
  readonly lease: number;
  readonly by: string;
  readonly taker: EventOf<'work.taken'>['data']['taker'];
  readonly since: string;
  readonly until: string;
}

/** A piece of an agent's work that a person, or somebody else's agent, does. */
export interface HandedOut extends Omit<EventOf<'work.handed_out'>['data'], 'lease' | 'seq' | 'work'> {
  readonly id: string;
  readonly invocation: number;
  readonly attempt: number;
  readonly openedAt: string;
  readonly holder: Holder | null;
  /** Leases that ended before it was handed in. */
  readonly returned: readonly (Pick<Holder, 'lease' | 'by'> & {
    readonly reason: EventOf<'work.returned'>['data']['reason'];
    readonly time: string;
  })[];
  readonly closed: (Omit<EventOf<'work.closed'>['data'], 'work'> & { readonly by: string }) | null;
  /** What was handed in has become facts of the run, or came to nothing. */
  readonly used: boolean;
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
  /** Where it is not the route of the goal of the run. */
  readonly goal: string | null;
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
  /** The end of a window in which the provider refuses. */
  readonly notBefore?: string;
}

export interface Outcome {
  readonly kind: OutcomeKind;
  readonly reason: string | null;
  readonly time: string;
}
