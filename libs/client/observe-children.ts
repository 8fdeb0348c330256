import { nothingObserved, type Observed, runningChildren, type State, waitReason } from '#domain';
import type { EventLog } from '#events';
import { loadState } from './load-state.ts';

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
      const reason = waitReason(await loadState(log, id), observed, seen.now.toISOString());
      return reason ? [[id, reason.kind] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
};
