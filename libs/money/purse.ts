import type { Money } from '#contracts';
import { type CommandOf, react, rootOf, type State } from '#domain';
import { type Known, limitsOn, spendingOf } from './accounts.ts';
import { dayIn, nextDayIn } from './days.ts';
import type { Ledger, Limit, Reservation, Spending } from './ledger.ts';

/** What is used up, as it is told to the run that would spend it. */
export type Exceeded = Omit<CommandOf<'exceed_budget'>, 'type'>;

export type Grant =
  /** No limit stands over what it spends. */
  | { readonly outcome: 'free' }
  /** So much may be spent, and is held back for it. */
  | Extract<Reservation, { outcome: 'reserved' }>
  /** Others hold what is left; to be tried again. */
  | { readonly outcome: 'busy' }
  /** `of`: the run whose budget it is, where a person is asked. */
  | { readonly outcome: 'exceeded'; readonly of: string; readonly budget: Exceeded };

export interface PurseOptions {
  readonly ledger: Ledger;
  /** As the configuration has it now. */
  readonly money: () => Promise<Money>;
  /** Whether anything that this run may ask costs anything. */
  readonly spends: (run: Known) => Promise<boolean>;
  readonly load: (id: string) => Promise<State>;
  readonly now: () => Date;
}

const scopeOf = (account: string): Exceeded['scope'] => {
  const [scope] = account.split(':', 1);
  return scope === 'day' || scope === 'label' || scope === 'tokens' ? scope : 'goal';
};

/** Somebody is ordered to work, or works, and nothing stands against it. */
const isAtWork = (state: Known): boolean => react(state).some((wish) => wish.do === 'run');

/** Which limits stand over a run, and what is told of one that is used up. */
const createLimits = ({ money, load, now }: Pick<PurseOptions, 'money' | 'load' | 'now'>) => {
  const rootFor = async (run: Known): Promise<Known> => {
    const root = rootOf(run);
    const { budgetUsd, budgetTokens } = run.submission;
    // A goal without a budget has none in its tasks either.
    if (root === run.id || (budgetUsd === null && budgetTokens === null)) return run;
    const state = await load(root);
    return state.lifecycle === 'absent' ? run : state;
  };
  return {
    over: async (run: Known): Promise<readonly Limit[]> => {
      const settings = await money();
      return limitsOn(run, await rootFor(run), settings, dayIn(settings.time_zone)(now()));
    },
    exceeded: async (run: Known, { account, most }: Limit, spent: number): Promise<Grant> => {
      const scope = scopeOf(account);
      const until = scope === 'day' ? nextDayIn((await money()).time_zone)(now()).toISOString() : null;
      const budget = { scope, account, limit: most, spent, until };
      const isOfGoal = scope === 'goal' || scope === 'tokens';
      return { outcome: 'exceeded', of: isOfGoal ? rootOf(run) : run.id, budget };
    },
  };
};
type Limits = ReturnType<typeof createLimits>;

const isNothing = ({ totals }: Spending): boolean => totals.usd === 0 && totals.tokens === 0;

/** Holds back what the next call of an engine may cost at most, in place of what was held back before. */
const createReserve =
  ({ ledger, money, spends }: PurseOptions, limits: Limits) =>
  async (run: Known): Promise<Grant> => {
    const over = await limits.over(run);
    if (over.length === 0 || !(await spends(run))) return { outcome: 'free' };
    // Until all that the log says is counted nobody knows what is left.
    if (!(await ledger.isCounted())) return { outcome: 'busy' };
    const { reserve_usd: usd, reserve_tokens: tokens } = await money();
    const reservation = await ledger.reserve(spendingOf(run), { usd, tokens }, over);
    if (reservation.outcome === 'reserved') return reservation;
    const limit =
      reservation.outcome === 'exceeded' ? over.find(({ account }) => account === reservation.account) : null;
    return limit && reservation.outcome === 'exceeded'
      ? limits.exceeded(run, limit, reservation.spent)
      : { outcome: 'busy' };
  };

/** Counts what a run has spent, and takes back what was held for it once nobody works for it. */
const createKeep = ({ ledger }: Pick<PurseOptions, 'ledger'>, limits: Limits) => {
  /** What this process has told of a run: most of its states say nothing new of money. */
  const told = new Map<string, string>();
  return async (run: Known): Promise<void> => {
    const spending = spendingOf(run);
    const working = isAtWork(run);
    if (isNothing(spending) && (working || (await limits.over(run)).length === 0)) return;
    const words = `${spending.totals.usd} ${spending.totals.tokens} ${working}`;
    if (told.get(run.id) === words) return;
    await (working ? ledger.settle(spending) : ledger.release(spending));
    if (run.lifecycle === 'ended') told.delete(run.id);
    else told.set(run.id, words);
  };
};

/** What runs may spend. Whoever lets one spend asks here before; what it has spent by then, the log says. */
export const createPurse = (options: PurseOptions) => {
  const { ledger, load } = options;
  const limits = createLimits(options);
  return {
    reserve: createReserve(options, limits),
    keep: createKeep(options, limits),

    /** Takes back what is held for runs that nobody works for, or that no limit stands over: of a process that died in between. */
    async sweep(): Promise<void> {
      const known = new Set([...(await ledger.holders()), ...(await ledger.waiting(Number.MAX_SAFE_INTEGER))]);
      for (const id of known) {
        const state = await load(id);
        if (state.lifecycle === 'absent') continue;
        if (!isAtWork(state) || (await limits.over(state)).length === 0) await ledger.release(spendingOf(state));
      }
    },

    /** Runs to be tried again, the one that waits longest first. */
    waiting: ledger.waiting,

    /** Counts again what these have spent, where the ledger was lost. */
    async recount(ids: () => AsyncIterable<readonly string[]>): Promise<void> {
      if (await ledger.isCounted()) return;
      for await (const page of ids())
        for (const id of page) {
          const state = await load(id);
          if (state.lifecycle !== 'absent' && !isNothing(spendingOf(state))) await ledger.settle(spendingOf(state));
        }
      await ledger.setCounted();
    },
  };
};
export type Purse = ReturnType<typeof createPurse>;
