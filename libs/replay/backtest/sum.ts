import { type BacktestChange, BacktestDocument, type BacktestStop, Workflow } from '#contracts';
import { judgeMoney, type Paid } from './judge-money.ts';
import { type Decision, isChanged, type Judged, type JudgedRun } from './judge-run.ts';
import type { Alternative } from './policy.ts';

type Total = BacktestDocument['totals'][number];
type What = Total['what'];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const WHATS: readonly What[] = BacktestDocument.shape.totals.element.shape.what.options;

const MOST_RUNS = 10;
const GOAL_CHARACTERS = 200;
const ERROR_CHARACTERS = 500;

const BY_ACTION: Readonly<Record<string, What>> = {
  retry: 'retries',
  wait: 'waits',
  replan: 'replans',
  escalate: 'escalations',
  halt: 'halts',
};

/** What a decision counts as. */
const whatOf = (decision: Decision, side: 'recorded' | 'policy'): readonly What[] => {
  switch (decision.what) {
    case 'route':
      return decision[side].asks ? ['confirmations'] : [];
    case 'recovery': {
      const what = BY_ACTION[decision[side].action];
      return what ? [what] : [];
    }
    case 'context': {
      const { pressure, optimises, over } = decision[side];
      return [
        ...(pressure === 'normal' ? [] : (['context_warnings'] as const)),
        ...(optimises ? (['context_optimisations'] as const) : []),
        ...(over.length > 0 ? (['context_over_limit'] as const) : []),
      ];
    }
  }
};

/** What stops a run for a person or for good, or `null`: it goes on. Confirming a route is a beginning, no stop. */
const stopOf = (decision: Decision, side: 'recorded' | 'policy'): string | null => {
  if (decision.what === 'recovery') {
    const { action } = decision[side];
    return action === 'escalate' || action === 'halt' ? action : null;
  }
  if (decision.what === 'context' && decision[side].over.length > 0)
    return `over the limit of ${decision[side].over.join(', ')}`;
  return null;
};

const shown = (decision: Decision, side: 'recorded' | 'policy'): string => {
  if (decision.what === 'recovery') return decision[side].action;
  return stopOf(decision, side) ?? 'go_on';
};

const changeOf = ({ id, goal }: JudgedRun, { version, unknown, decision }: Judged): BacktestChange =>
  ({
    id,
    version,
    goal: goal.slice(0, GOAL_CHARACTERS),
    unknown,
    ...decision,
    ...('error' in decision ? { error: decision.error.slice(0, ERROR_CHARACTERS) } : {}),
  }) as BacktestChange; // the fields of a decision of one kind, with those that all have

const createTotals = () => {
  const totals = new Map<What, Mutable<Total>>(
    WHATS.map((what) => [what, { what, recorded: 0, policy: 0, unknown: 0 }]),
  );
  const count = (what: What, field: 'recorded' | 'policy' | 'unknown'): void => {
    const total = totals.get(what);
    if (total) total[field] += 1;
  };
  return {
    add: ({ decision, unknown }: Judged): void => {
      for (const what of whatOf(decision, 'recorded')) count(what, 'recorded');
      for (const what of whatOf(decision, 'policy')) {
        count(what, 'policy');
        if (unknown) count(what, 'unknown');
      }
    },
    rows: (): Total[] => [...totals.values()],
  };
};

const createReclassified = () => {
  const rows = new Map<string, BacktestDocument['reclassified'][number]>();
  return {
    add: ({ id, reclassified }: JudgedRun): void => {
      for (const { from, to, error } of reclassified) {
        const key = `${from.category} ${to.category} ${to.pattern}`;
        const row = rows.get(key) ?? {
          from: from.category,
          to: to.category,
          pattern: to.pattern,
          errors: 0,
          example: error.slice(0, ERROR_CHARACTERS),
          runs: [],
        };
        row.errors += 1;
        if (row.runs.length < MOST_RUNS && !row.runs.includes(id)) row.runs.push(id);
        rows.set(key, row);
      }
    },
    rows: () => [...rows.values()],
  };
};

const createWorkflows = () => {
  const rows = new Map(Workflow.options.map((workflow) => [workflow, { workflow, recorded: 0, policy: 0 }]));
  return {
    add: (decision: Decision): void => {
      if (decision.what !== 'route') return;
      for (const side of ['recorded', 'policy'] as const) {
        const row = rows.get(decision[side].workflow);
        if (row) row[side] += 1;
      }
    },
    rows: () => [...rows.values()],
  };
};

/** Where the two policies first part about going on, if nothing before it is unknown. */
const stopIn = (run: JudgedRun): { readonly kind: 'added' | 'avoided'; readonly stop: BacktestStop } | null => {
  const found = run.decisions.find(
    ({ unknown, drifted, decision }) =>
      !unknown && !drifted && (stopOf(decision, 'recorded') === null) !== (stopOf(decision, 'policy') === null),
  );
  if (!found) return null;
  const { version, decision } = found;
  const stop = {
    id: run.id,
    version,
    goal: run.goal.slice(0, GOAL_CHARACTERS),
    recorded: shown(decision, 'recorded'),
    policy: shown(decision, 'policy'),
    outcome: run.outcome,
  };
  return { kind: stopOf(decision, 'policy') === null ? 'avoided' : 'added', stop };
};

/** Waits for money are judged over all runs together: they share the budgets of days and labels. */
const withWaits = (
  { stops }: BacktestDocument,
  totals: Total[],
  paid: readonly Paid[],
  { money }: Alternative,
): Pick<BacktestDocument, 'stops' | 'totals'> => {
  const { added, avoided } = judgeMoney(paid, money);
  const recorded = paid.filter(({ exceeded }) => exceeded !== null).length;
  const policy = recorded + added.length - avoided.length;
  return {
    stops: { added: [...stops.added, ...added], avoided: [...stops.avoided, ...avoided] },
    totals: totals.map((total) => (total.what === 'budget_waits' ? { ...total, recorded, policy } : total)),
  };
};

/** Adds runs up, one at a time: of a run that is done only what changed is kept. */
export const createSum = (alternative: Alternative, routingTable: string | null) => {
  const totals = createTotals();
  const reclassified = createReclassified();
  const workflows = createWorkflows();
  const paid: Paid[] = [];
  const document: BacktestDocument = {
    policy: { values: [...alternative.values], routing_table: routingTable, not_judged: [...alternative.notJudged] },
    runs: 0,
    events: 0,
    decisions: { judged: 0, changed: 0, unknown: 0, drifted: [] },
    totals: [],
    workflows: [],
    stops: { added: [], avoided: [] },
    reclassified: [],
    changes: [],
    unreadable: [],
  };

  const addDecision = (run: JudgedRun, judged: Judged): void => {
    const { decision, drifted, unknown, version } = judged;
    if (drifted) {
      document.decisions.drifted.push({ id: run.id, version });
      return;
    }
    document.decisions.judged += 1;
    totals.add(judged);
    workflows.add(decision);
    if (!isChanged(decision)) return;
    document.decisions.changed += 1;
    if (unknown) document.decisions.unknown += 1;
    document.changes.push(changeOf(run, judged));
  };

  return {
    add: (run: JudgedRun): void => {
      if (run.missingPolicy !== null) {
        const problem = `the routing table ${run.missingPolicy} that it was decided by is not at hand`;
        document.unreadable.push({ id: run.id, problem });
        return;
      }
      document.runs += 1;
      document.events += run.events;
      for (const judged of run.decisions) addDecision(run, judged);
      reclassified.add(run);
      if (run.paid.amounts.length > 0 || run.paid.exceeded) paid.push(run.paid);
      const found = stopIn(run);
      if (found) document.stops[found.kind].push(found.stop);
    },
    unreadable: (id: string, problem: string): void => void document.unreadable.push({ id, problem }),
    document: (): BacktestDocument => ({
      ...document,
      ...withWaits(document, totals.rows(), paid, alternative),
      workflows: workflows.rows(),
      reclassified: reclassified.rows(),
    }),
  };
};
