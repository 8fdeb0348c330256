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
  | 'gate.passed'
  | 'gate.waived'
  | 'work.collected'
  | 'questions.raised'
  | 'map.drawn'
  | 'branch.merged'
  | 'context.allocated'
  | 'context.given'
  | 'context.optimised'
  | 'learnings.captured';

/** What went wrong, as the worker classified it; where it happened is known from the report. */
export type ReportedFailure = Pick<
  EventOf<'failure.recorded'>['data'],
  'category' | 'error' | 'fingerprint' | 'unblock'
> &
  Partial<Pick<EventOf<'failure.recorded'>['data'], 'pattern' | 'until' | 'progress'>>;

/** One line of a report. The three that tell of a failure are answered by `recovery.decided` in the same append. */
export type ReportItem =
  | { readonly [T in PlainFact]: { readonly fact: T; readonly data: Unreported<T> } }[PlainFact]
  | { readonly fact: 'step.tried'; readonly data: Unreported<'step.tried'>; readonly failure: ReportedFailure }
  | { readonly fact: 'gate.failed'; readonly data: Unreported<'gate.failed'>; readonly failure: ReportedFailure }
  | { readonly fact: 'agent.failed'; readonly failure: ReportedFailure };

export type Command =
  | { readonly type: 'submit'; readonly submission: EventOf<'goal.submitted'>['data'] }
  | { readonly type: 'start'; readonly dispatch: number; readonly worker: EventOf<'agent.started'>['data']['worker'] }
  | { readonly type: 'report'; readonly lease: number; readonly seq: number; readonly items: readonly ReportItem[] }
  | {
      readonly type: 'answer';
      /** `null`: the one that is open. */
      readonly interaction: string | null;
      readonly answer: string;
      readonly note: string | null;
    }
  | { readonly type: 'retry'; readonly hint: string | null }
  | { readonly type: 'skip' }
  | { readonly type: 'pause'; readonly reason: string | null }
  | { readonly type: 'continue' }
  | { readonly type: 'abort'; readonly reason: string | null }
  | { readonly type: 'checkpoint'; readonly name: string }
  | { readonly type: 'land'; readonly as: 'applied'; readonly into: string }
  | { readonly type: 'land'; readonly as: 'discarded' };
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;
