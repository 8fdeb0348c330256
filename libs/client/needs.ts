import { currentInvocation, type State } from '#domain';
import { createArchiveIndex } from '#events/redis';
import { loadState } from './load-state.ts';
import type { Parts } from './parts.ts';
import type { Needs, Studio } from './studio.ts';

/** Rows read at once. */
const PAGE = 1_000;

/** What was done by hand under a lease that has ended may still be handed in under the next one. */
const leasesOf = (state: State): readonly number[] => {
  if (state.lifecycle !== 'live') return [];
  const worker = currentInvocation(state)?.lease?.number;
  const byHand = state.assignments.flatMap(({ holder, returned, closed }) => [
    ...(holder && closed === null ? [holder.lease] : []),
    ...returned.map(({ lease }) => lease),
  ]);
  return [...(worker === undefined ? [] : [worker]), ...byHand];
};

/** What a run may still need of the files of a machine. */
export const createNeeds = (parts: Parts): Studio['needs'] => {
  const archive = createArchiveIndex(parts);
  return async (id): Promise<Needs | null> => {
    const state = await loadState(parts.log, id);
    if (state.lifecycle === 'absent') return null;
    return {
      version: state.head.version,
      leases: leasesOf(state),
      landed: state.landed,
      archived: (await archive.get(id)) !== null,
    };
  };
};

/** Folders that runs were given, by the list. */
export const createWorkspaces =
  (list: Studio['list']): Studio['workspaces'] =>
  async () => {
    const found = new Set<string>();
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const { workspace } of page.orchestrations) if (workspace !== null) found.add(workspace);
      cursor = page.next_cursor;
    }
    return [...found];
  };
