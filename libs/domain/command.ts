import type { EngineAnswer, HandoffContext, Role, Workflow } from '#contracts';
import type { EventOf, EventType } from '#events';

type Unreported<T extends EventType> = Omit<EventOf<T>['data'], 'lease' | 'seq'>;

/** Facts that a worker may assert as they are, under its lease. */
type PlainFact =
  | 'agent.progressed'
  | 'agent.completed'
  | 'lease.released'
  | 'workspace.prepared'
  | 'workspace.lost'
  | 'plan.created'
  | 'gates.discovered'
  | 'step.started'
  | 'step.succeeded'
  | 'acceptance.checked'
  | 'acceptance.shown'
  | 'gate.passed'
  | 'gate.waived'
  | 'work.collected'
  | 'questions.raised'
  | 'map.drawn'
  | 'branch.merged'
  | 'context.allocated'
  | 'context.given'
  | 'context.refused'
  | 'context.optimised'
  | 'learnings.captured'
  | 'engine.chosen'
  | 'work.handed_out'
  | 'session.kept'
  | 'permission.asked';

/** What went wrong, as the worker classified it; where it happened is known from the report. */
export type ReportedFailure = Pick<
  EventOf<'failure.recorded'>['data'],
  'category' | 'error' | 'fingerprint' | 'unblock'
> &
  Partial<Pick<EventOf<'failure.recorded'>['data'], 'pattern' | 'until' | 'progress' | 'engine' | 'provider'>>;

/** One line of a report. The three that tell of a failure are answered by `recovery.decided` in the same append. */
export type ReportItem =
  | { readonly [T in PlainFact]: { readonly fact: T; readonly data: Unreported<T> } }[PlainFact]
  | { readonly fact: 'step.tried'; readonly data: Unreported<'step.tried'>; readonly failure: ReportedFailure }
  | { readonly fact: 'gate.failed'; readonly data: Unreported<'gate.failed'>; readonly failure: ReportedFailure }
  /** The agent that asked for it does not wait any more. */
  | { readonly fact: 'permission.dropped'; readonly interaction: string }
  /** `task`: the one whose work could not be merged. */
  | { readonly fact: 'agent.failed'; readonly failure: ReportedFailure; readonly task?: string };

/** An amount, with its number under a lease. */
export type UsageEntry = Omit<EventOf<'usage.recorded'>['data'], 'lease'>;

/** Whatever an agent that somebody else drives was given, or says. */
type Document = EventOf<'outside.started'>['data']['input'];

export type Command =
  | { readonly type: 'submit'; readonly submission: EventOf<'goal.submitted'>['data'] }
  | { readonly type: 'start'; readonly dispatch: number; readonly worker: EventOf<'agent.started'>['data']['worker'] }
  /** What calls of an engine cost, under the lease that they were made under, over or not. */
  | { readonly type: 'record_usage'; readonly lease: number; readonly entries: readonly UsageEntry[] }
  /** There is nothing left of a budget that this run would spend. */
  | ({ readonly type: 'exceed_budget' } & EventOf<'budget.exceeded'>['data'])
  | { readonly type: 'report'; readonly lease: number; readonly seq: number; readonly items: readonly ReportItem[] }
  | {
      readonly type: 'answer';
      /** `null`: the one that is open; refused where several are. */
      readonly interaction: string | null;
      readonly answer: string;
      readonly note: string | null;
    }
  | { readonly type: 'retry'; readonly hint: string | null }
  | { readonly type: 'skip' }
  /** Yes to the route, the map or the plan that waits for it. */
  | { readonly type: 'approve' }
  /** A deadline may have passed. */
  | { readonly type: 'time_out' }
  | { readonly type: 'pause'; readonly reason: string | null }
  | { readonly type: 'continue' }
  | { readonly type: 'abort'; readonly reason: string | null }
  | ({ readonly type: 'end_child' } & EventOf<'child.ended'>['data'])
  | { readonly type: 'checkpoint'; readonly name: string }
  | {
      readonly type: 'complete_handoff';
      /** `null`: the one that is begun. */
      readonly from: Role | null;
      readonly to: Role | null;
      readonly context: HandoffContext;
    }
  /** Goes on after a pause; of a run that ended badly, or to a checkpoint that is named, back. */
  | {
      readonly type: 'resume';
      readonly checkpoint: string | null;
      /** What the next handoff lacks, completed by hand on the way. */
      readonly handoff?: HandoffContext | null;
    }
  /** Back to a checkpoint, by its id or name; `null`: the latest. */
  | { readonly type: 'rewind'; readonly checkpoint: string | null }
  /** To a state that was folded from a copy of the events of `from`. */
  | ({ readonly type: 'fork' } & EventOf<'orchestration.forked'>['data'])
  | { readonly type: 'take_work'; readonly taker: EventOf<'work.taken'>['data']['taker'] }
  | { readonly type: 'renew_work'; readonly lease: number }
  | { readonly type: 'give_back_work'; readonly lease: number }
  | {
      readonly type: 'hand_in_work';
      readonly lease: number;
      readonly answer: EngineAnswer;
      /** What the next run should know, with the answer. */
      readonly learnings: readonly { readonly domain: string | null; readonly text: string }[];
      /** The files; `null`: there are none. */
      readonly commit: string | null;
    }
  | { readonly type: 'outside_start'; readonly agent: string; readonly input: Document }
  | { readonly type: 'outside_complete'; readonly agent: string; readonly output: Document }
  | { readonly type: 'outside_fail'; readonly agent: string; readonly error: string }
  | { readonly type: 'outside_hand_over'; readonly from: string; readonly to: string; readonly context: Document }
  | {
      readonly type: 'outside_route';
      /** `null`: its own. */
      readonly goal: string | null;
      /** `null`: as the goal is routed. */
      readonly workflow: Workflow | null;
    }
  | { readonly type: 'outside_end' }
  | { readonly type: 'land'; readonly as: 'applied'; readonly into: string }
  | { readonly type: 'land'; readonly as: 'discarded' };
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;
