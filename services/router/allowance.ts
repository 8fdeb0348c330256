import type { State } from '#domain';
import { type EventLog, streamPages } from '#events';
import type { Purse } from '#money';
import type { Orchestrations } from '#orchestrations';

type Live = Extract<State, { lifecycle: 'live' }>;

export interface AllowanceOptions {
  /** None: nothing is limited. */
  readonly purse: Purse | undefined;
  readonly orchestrations: Pick<Orchestrations, 'execute'>;
  readonly log: Pick<EventLog, 'streams'>;
}

/** Runs that are tried again in one pass. */
const AT_ONCE = 100;
const PAGE = 500;

/** Sees to it that nobody is sent to work that cannot be paid for. */
export const createAllowance = ({ purse, orchestrations, log }: AllowanceOptions) => ({
  /** Holds back what the first call may cost. Where a budget is used up, the run whose budget it is asks a person. */
  async grant(run: Live): Promise<boolean> {
    const grant = await purse?.reserve(run);
    if (!grant || grant.outcome === 'free' || grant.outcome === 'reserved') return true;
    if (grant.outcome === 'exceeded') {
      const by = { actor: 'service:router', correlationId: run.id };
      await orchestrations.execute(grant.of, { type: 'exceed_budget', ...grant.budget }, by);
    }
    return false;
  },

  /** Counts what a run has spent, and takes back what nobody needs any more. */
  keep: async (state: State): Promise<void> => {
    if (state.lifecycle !== 'absent') await purse?.keep(state);
  },

  /** What to try again, the run that waits longest first. */
  waiting: async (): Promise<readonly string[]> => (await purse?.waiting(AT_ONCE)) ?? [],

  /** Makes the ledger again where it was lost, and takes back what dead processes left held. */
  async tidy(): Promise<void> {
    await purse?.recount(() => streamPages(log, 'all', PAGE));
    await purse?.sweep();
  },
});
export type Allowance = ReturnType<typeof createAllowance>;
