import { distinctLearnings, tierOf } from '#context';
import type { BudgetDocument, ContextPolicy, LearningsDocument, LearningsQuery, Money } from '#contracts';
import { budgetDocument, rootOf, runningChildren, type State, spendDocument, unitOf } from '#domain';
import { unavailable } from '#events/redis';
import { readLearnings } from '#learnings';
import { createLedger, dayIn, type Known, limitsOn } from '#money';
import { readLearned } from '#views';
import { loadState } from './load-state.ts';
import type { Parts } from './parts.ts';
import type { Studio } from './studio.ts';

export interface ContextReadsOptions {
  readonly resolve: Studio['resolve'];
  readonly stateOf: (id: string) => Promise<Exclude<State, { lifecycle: 'absent' }>>;
  /** The limits of a run that was allocated none yet, and what it may cost. */
  readonly limits: () => Promise<{ readonly context: ContextPolicy; readonly money?: Money }>;
}

/** Where a client was told nothing of money, only goals have budgets. */
const NO_LIMITS: Pick<Money, 'per_day_usd' | 'labels' | 'time_zone'> = {
  per_day_usd: false,
  labels: {},
  time_zone: 'UTC',
};

/** A run without facts about its context: the limits that a new one would have. */
const NOTHING_GIVEN = { id: '', context: { allocated: null, given: [], refused: null, optimised: [] } } as const;

/** What agents are given to read. */
export const createContextReads = (
  { redis, tag, log, now }: Parts,
  { resolve, stateOf, limits }: ContextReadsOptions,
): Pick<Studio, 'budget' | 'learnings'> => {
  const entriesOf = async ({ workspace }: LearningsQuery) =>
    (workspace === undefined ? null : await readLearnings(workspace)) ??
    (await readLearned(redis, tag, workspace ?? null).catch(unavailable));

  /** Of a task, the goal is that of the run whose task it is. */
  const budgetsOf = async (run: Known, money: Money | undefined): Promise<BudgetDocument['budgets']> => {
    const root = await loadState(log, rootOf(run));
    const settings = money ?? NO_LIMITS;
    const today = dayIn(settings.time_zone)(now());
    const limits = limitsOn(run, root.lifecycle === 'absent' ? run : root, settings, today);
    const balances = await createLedger(redis, tag).balances(limits.map(({ account }) => account));
    return limits.map(({ account, most }, index) => ({
      account,
      unit: unitOf(account),
      limit: most,
      spent: balances[index]?.spent ?? 0,
      held: balances[index]?.held ?? 0,
    }));
  };

  return {
    async budget(id) {
      const { context: policy, money } = await limits();
      if (id === null) return { ...budgetDocument(NOTHING_GIVEN, policy), id: null, spend: null, budgets: [] };
      const run = await stateOf(await resolve(id));
      const tasks = await Promise.all(
        runningChildren(run).flatMap((child) => (child.id ? [loadState(log, child.id)] : [])),
      );
      const budgets = await budgetsOf(run, money).catch(unavailable);
      return { ...budgetDocument(run, policy), spend: spendDocument(run, tasks), budgets };
    },

    async learnings(query = {}): Promise<LearningsDocument> {
      const time = now().toISOString();
      const wanted = (await entriesOf(query)).filter(({ domain }) => domain === (query.domain ?? domain));
      return { learnings: distinctLearnings(wanted).map((entry) => ({ ...entry, tier: tierOf(entry.time, time) })) };
    },
  };
};
