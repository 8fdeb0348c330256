import type { BacktestChange, ContextPolicy, OutcomeKind, Workflow } from '#contracts';
import { absent, evolve, type Live, type RoutingPolicy, type State } from '#domain';
import type { EventOf, Recorded } from '#events';
import type { PolicyOf } from '../verify-decisions.ts';
import { judgeContext } from './judge-context.ts';
import { type Paid, paidIn } from './judge-money.ts';
import { type JudgedRecovery, judgeRecovery, judgeStart } from './judge-recovery.ts';
import { judgeRoute } from './judge-route.ts';
import type { Alternative } from './policy.ts';
import { reclassify, type Verdict, withVerdicts } from './reclassify.ts';

/** A decision under both policies. What it is called in each is in `BacktestChange`. */
export interface Judged {
  readonly version: number;
  readonly drifted: boolean;
  /** An earlier decision is another under the policy, so nobody knows whether this one would have come about. */
  readonly unknown: boolean;
  readonly decision: Decision;
}

type OfKind<K extends BacktestChange['what']> = Omit<
  Extract<BacktestChange, { what: K }>,
  'id' | 'version' | 'goal' | 'unknown'
>;
export type Decision = OfKind<'route'> | OfKind<'recovery'> | OfKind<'context'>;

export interface Reclassified {
  readonly from: Verdict;
  readonly to: Verdict;
  readonly error: string;
}

export interface JudgedRun {
  readonly id: string;
  readonly goal: string;
  readonly events: number;
  readonly outcome: OutcomeKind | null;
  readonly decisions: readonly Judged[];
  readonly reclassified: readonly Reclassified[];
  readonly paid: Paid;
  /** Hash of the table that the run was decided by and that nobody has, or `null`. */
  readonly missingPolicy: string | null;
}

/** The field of a decision that both policies have, where they differ in what happens next. */
export const isChanged = ({ recorded, policy }: Decision): boolean =>
  JSON.stringify(withoutReason(recorded)) !== JSON.stringify(withoutReason(policy));

const withoutReason = (seen: Decision['recorded']): object => {
  const { reason: _reason, signals: _signals, ...rest }: Record<string, unknown> = { ...seen };
  return rest;
};

/** After a decision like this the run would have been another one. A higher confidence or a mere warning changes nothing. */
const leadsElsewhere = (decision: Decision): boolean => {
  if (!isChanged(decision)) return false;
  switch (decision.what) {
    case 'recovery':
      return true;
    case 'route': {
      const { recorded, policy } = decision;
      return (
        recorded.workflow !== policy.workflow ||
        recorded.asks !== policy.asks ||
        recorded.agents.join() !== policy.agents.join()
      );
    }
    case 'context': {
      const { recorded, policy } = decision;
      return recorded.optimises !== policy.optimises || recorded.over.join() !== policy.over.join();
    }
  }
};

const chosenLater = (events: readonly Recorded[]): Workflow | null =>
  events.find((event) => event.type === 'route.overridden')?.data.workflow ?? null;

const recoveryOf = ({ error, recorded, policy }: JudgedRecovery): Decision => ({
  what: 'recovery',
  error,
  recorded,
  policy,
});

interface Judging {
  readonly alternative: Alternative;
  readonly routing: RoutingPolicy;
  readonly chosen: Workflow | null;
}

/** What the errors of a run would have been taken for. */
const createVerdicts = (alternative: Alternative) => {
  const verdicts = new Map<number, Verdict>();
  const reclassified: Reclassified[] = [];
  return {
    verdicts,
    reclassified,
    read: (event: Recorded): void => {
      const verdict = event.type === 'failure.recorded' ? reclassify(event, alternative) : null;
      if (event.type !== 'failure.recorded' || !verdict) return;
      verdicts.set(event.version, verdict);
      const { category, pattern, unblock, until, error } = event.data;
      if (verdict.category !== category)
        reclassified.push({ from: { category, pattern, unblock, until }, to: verdict, error });
    },
  };
};

/** What each call of an agent was given, under the limits in force and under the others. */
const createContextReader = (alternative: Alternative) => {
  let limits: ContextPolicy | null = null;
  let made: EventOf<'context.optimised'>['data']['actions'] = [];
  let isFirst = true;
  return (event: Recorded): Decision | null => {
    if (event.type === 'agent.started') isFirst = true;
    if (event.type === 'context.allocated') limits = { pools: event.data.pools, total: event.data.total };
    if (event.type === 'context.optimised') made = [...made, ...event.data.actions];
    if (event.type !== 'context.given' && event.type !== 'context.refused') return null;
    const { role, work, pieces } = event.data;
    const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
    const call = { event, actions: made, isFirst };
    made = [];
    isFirst = false;
    if (limits === null) return null;
    const judged = judgeContext(call, { recorded: limits, policy: alternative.context(limits) });
    return { what: 'context', agent: role, work, tokens, ...judged };
  };
};

interface Found {
  readonly drifted: boolean;
  readonly decision: Decision;
}

const judgeDecision = (
  event: Recorded,
  both: { readonly recorded: Live; readonly policy: Live },
  { alternative, routing, chosen }: Judging,
): Found | null => {
  switch (event.type) {
    case 'route.decided': {
      const tables = { recorded: routing, policy: alternative.routing };
      const { drifted, recorded, policy } = judgeRoute(event, both, tables);
      return { drifted, decision: { what: 'route', recorded, policy, chosen } };
    }
    case 'recovery.decided': {
      const judged = judgeRecovery(event, both, routing);
      return judged && { drifted: judged.drifted, decision: recoveryOf(judged) };
    }
    case 'agent.started': {
      const judged = judgeStart(event, both, routing);
      return judged && { drifted: judged.drifted, decision: recoveryOf(judged) };
    }
    default:
      return null;
  }
};

const DECISIONS: ReadonlySet<Recorded['type']> = new Set(['route.decided', 'recovery.decided', 'agent.started']);

/** One run, read from its beginning. */
const createJudge = (judging: Judging) => {
  const { alternative } = judging;
  const decisions: Judged[] = [];
  const { verdicts, reclassified, read } = createVerdicts(alternative);
  const readContext = createContextReader(alternative);
  let elsewhere = false;

  const add = (version: number, { drifted, decision }: Found): void => {
    decisions.push({ version, drifted, unknown: elsewhere, decision });
    elsewhere ||= !drifted && leadsElsewhere(decision);
  };

  /** The same state, under the other policy. */
  const under = (run: Live): Live => ({
    ...run,
    submission: { ...run.submission, policy: alternative.limits(run.submission.policy) },
    failures: withVerdicts(run, verdicts),
  });

  return {
    take: (state: State, event: Recorded): void => {
      read(event);
      const given = readContext(event);
      if (given) add(event.version, { drifted: false, decision: given });
      if (state.lifecycle !== 'live' || !DECISIONS.has(event.type)) return;
      const found = judgeDecision(event, { recorded: state, policy: under(state) }, judging);
      if (found) add(event.version, found);
    },
    result: () => ({ decisions, reclassified }),
  };
};

const policyHashOf = (events: readonly Recorded[]): string => {
  const submitted = events.find((event) => event.type === 'goal.submitted');
  return submitted?.data.policy.hash ?? '';
};

/**
 * Every decision of a run under another policy, each from the state that was recorded before it; then the recorded facts
 * go on. What agents would have done instead nobody knows, so what follows a changed decision is marked.
 */
export const judgeRun = (id: string, events: readonly Recorded[], alternative: Alternative, policyOf: PolicyOf) => {
  const hash = policyHashOf(events);
  const routing = policyOf(hash);
  const judge = routing && createJudge({ alternative, routing, chosen: chosenLater(events) });
  let state: State = absent;
  for (const event of events) {
    judge?.take(state, event);
    state = evolve(state, event);
  }
  const { decisions = [], reclassified = [] } = judge?.result() ?? {};
  const outcome = state.lifecycle === 'ended' ? state.outcome.kind : null;
  const run: JudgedRun = {
    id,
    goal: state.lifecycle === 'absent' ? '' : state.submission.goal,
    events: events.length,
    outcome,
    paid: paidIn(id, events, outcome),
    decisions,
    reclassified,
    missingPolicy: routing === null ? hash : null,
  };
  return run;
};
