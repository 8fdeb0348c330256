import { absent, fold, nothingObserved, type Observed, runningChildren, type State, waitReason } from '#domain';
import type { EventLog } from '#events';

const PAGE = 1_000;

const stateOf = async (log: Pick<EventLog, 'read'>, id: string): Promise<State> => {
  let state: State = absent;
  for (;;) {
    const page = await log.read(id, { after: state.head.version, limit: PAGE });
    state = fold(page, state);
    if (page.length < PAGE) return state;
  }
};

/** What the tasks of a run that are under way wait for themselves. */
export const observeChildren = async (
  state: State,
  log: Pick<EventLog, 'read'>,
  seen: { readonly workers: Observed['workers']; readonly now: Date },
): Promise<Observed['children']> => {
  const ids = state.lifecycle === 'live' ? runningChildren(state).flatMap(({ id }) => id ?? []) : [];
  const found = await Promise.all(
    ids.map(async (id) => {
      const observed = { ...nothingObserved, workers: seen.workers };
      const reason = waitReason(await stateOf(log, id), observed, seen.now.toISOString());
      return reason ? [[id, reason.kind] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
};
