import type { FileChange, Interaction, ProjectMap, Role } from '#contracts';
import type { EventOf, Head } from '#events';
import { changeInvocation } from './copy.ts';
import type { Budget } from './money/budget.ts';
import type { Spend } from './money/spend.ts';
import type {
  Child,
  ContextLedger,
  Engines,
  Failure,
  FoundOut,
  GateProgress,
  GivenAnswer,
  HandedOut,
  Handoff,
  Invocation,
  KeptSession,
  Outcome,
  Outside,
  Past,
  Permit,
  PlanInForce,
  Reported,
  Route,
  Step,
  WantedDispatch,
} from './run-parts.ts';

export type {
  Child,
  ChosenEngine,
  ContextLedger,
  Engines,
  Failure,
  FoundOut,
  GateProgress,
  GivenAnswer,
  HandedOut,
  Handoff,
  Invocation,
  KeptSession,
  Lease,
  Outage,
  Outcome,
  Outside,
  OutsideAgent,
  Past,
  Permit,
  PlanInForce,
  Route,
  Step,
  WantedDispatch,
} from './run-parts.ts';

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
  | 'shown'
  | 'files'
  | 'raised'
  | 'answers'
  | 'replan'
  | 'map'
  | 'mapApproved'
  | 'children'
  | 'childrenAtOnce'
  | 'outside'
>;

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
  /** How checks were before the work began. */
  readonly shown: EventOf<'acceptance.shown'>['data']['results'];
  readonly files: readonly FileChange[];
  readonly failures: readonly Failure[];
  readonly handoffs: readonly Handoff[];
  readonly checkpoints: readonly Checkpoint[];
  /** A checkpoint that the facts call for and that is not saved yet. */
  readonly checkpointDue: { readonly name: string; readonly afterAgent: Role | null } | null;
  readonly verifiedSinceCheckpoint: number;
  /** Where the branch stands while the run goes on: at the last checkpoint, or at the one it went back to. */
  readonly tip: string | null;
  readonly past: Past;
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
  /** With the commits of the other run that this one may ask for. */
  readonly forkedFrom:
    | (Omit<EventOf<'orchestration.forked'>['data'], 'changes'> & { readonly commits: readonly string[] })
    | null;
  readonly engines: Engines;
  readonly context: ContextLedger;
  readonly spend: Spend;
  readonly budget: Budget;
  readonly learnings: readonly FoundOut[];
  /** What agents asked for under the present lease, newest last. */
  readonly permits: readonly Permit[];
  /** Conversations with agents, of each engine the newest. */
  readonly sessions: readonly KeptSession[];
  readonly outside: Outside;
  /** Work that was handed out, to be done by hand. */
  readonly assignments: readonly HandedOut[];
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
export const currentInvocation = (run: Pick<Run, 'invocations'>): Invocation | undefined =>
  run.invocations.find(({ status }) => status !== 'completed' && status !== 'skipped');

/** Failures since the run last went back. */
export const presentFailures = ({ failures, past }: Run): readonly Failure[] => failures.slice(past.failures);

/** Interactions since the run last went back. */
export const presentInteractions = ({ interactions, past }: Run): readonly Interaction[] =>
  interactions.slice(past.interactions);

/** Handoffs since the run last went back. */
export const presentHandoffs = ({ handoffs, past }: Run): readonly Handoff[] => handoffs.slice(past.handoffs);

export const openInteractions = (run: Run): readonly Interaction[] =>
  run.interactions.filter(({ outcome }) => outcome === null);

/** An agent that waits for a permission keeps its lease; for anything else that is open the run stands still. */
export const isHeldUp = (run: Run): boolean => openInteractions(run).some(({ kind }) => kind !== 'permission');

/** The one that is open, or that was opened first. */
export const openInteraction = (run: Run): Interaction | undefined =>
  run.interactions.find(({ outcome }) => outcome === null);

/** The newest failure, unless the run went back since. */
export const lastFailure = ({ failures, past }: Run): Failure | undefined =>
  failures.length > past.failures ? failures.at(-1) : undefined;

/** Changes the newest failure. */
export const updateLastFailure = (run: Run, change: Partial<Failure>): readonly Failure[] => {
  const failure = lastFailure(run);
  return failure ? [...run.failures.slice(0, -1), { ...failure, ...change }] : run.failures;
};

export const updateInvocation = (
  run: Pick<Run, 'invocations'>,
  number: number,
  change: Partial<Invocation>,
): readonly Invocation[] =>
  run.invocations.map((invocation) =>
    invocation.number === number ? changeInvocation(invocation, change) : invocation,
  );

/** Changes the invocation whose turn it is. */
export const updateCurrent = (run: Pick<Run, 'invocations'>, change: Partial<Invocation>): readonly Invocation[] => {
  const current = currentInvocation(run);
  return current ? updateInvocation(run, current.number, change) : run.invocations;
};
