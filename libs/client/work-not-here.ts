import type { BacklogState, Claim, Item } from '#backlog';
import type { State } from '#domain';
import { isCheckedOut } from '#repository';
import { loadState } from './load-state.ts';
import type { Parts } from './parts.ts';

/** A task of a run, and a task that it stands on, which another run has done. */
interface Stand {
  readonly task: string;
  readonly on: string;
  readonly run: string;
}

const standsOf = (claim: Claim, { items, claims }: BacklogState): readonly Stand[] => {
  const byId = new Map(items.map((item) => [item.id, item]));
  const runOf = ({ status, run }: Item): string | null =>
    (status === 'done' && claims.find((known) => known.run === run)?.orchestration) || null;
  return claim.tasks.flatMap((task) =>
    (byId.get(task)?.depends_on ?? []).flatMap((on) => {
      const item = byId.get(on);
      const run = item ? runOf(item) : null;
      return run === null ? [] : [{ task, on, run }];
    }),
  );
};

/** What a run made, and nobody has taken or given up yet. @returns its commit */
const leftOf = (state: State): string | null => {
  if (state.lifecycle === 'absent' || state.landed !== null || !state.workspace) return null;
  return state.commit === state.workspace.base ? null : state.commit;
};

/**
 * Work that tasks of a run stand on and would not find, because it is on the branch of another run only: they begin
 * where the person's folder stands.
 * @returns a sentence for each such run; empty too where this process cannot look at the folder
 */
export const workNotHere = async (
  { log, studioDir }: Pick<Parts, 'log' | 'studioDir'>,
  { claim, backlog, workspace }: { claim: Claim; backlog: BacklogState; workspace: string },
): Promise<readonly string[]> => {
  if (studioDir === null) return [];
  const stands = new Map(standsOf(claim, backlog).map((stand) => [stand.run, stand]));
  const told: string[] = [];
  for (const { task, on, run } of stands.values()) {
    const state = await loadState(log, run);
    const commit = leftOf(state);
    if (commit === null || (await isCheckedOut({ root: workspace, studioDir, commit })) !== false) continue;
    told.push(
      state.lifecycle === 'live'
        ? `${task} stands on ${on}, and the run that did it goes on still: studio watch ${run}`
        : `${task} stands on ${on}, whose work is on the branch of ${run} only: studio apply ${run} takes it, studio discard ${run} says that it is here another way`,
    );
  }
  return told;
};
