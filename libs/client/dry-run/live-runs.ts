import type { DryRunDocument } from '#contracts';
import { filesInCommon, filesOfRun, type Run, type State, statusOf } from '#domain';
import { type EventLog, streamPages } from '#events';
import { loadState } from '../load-state.ts';

/** Ids read at once, and runs. */
const PAGE = 1_000;
const AT_ONCE = 32;
const GOAL_CHARACTERS = 200;

/** States of these runs, in their order, some at once. */
export async function* readStates(
  log: Pick<EventLog, 'read'>,
  ids: readonly string[],
): AsyncGenerator<Exclude<State, { lifecycle: 'absent' }>, void> {
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const states = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => loadState(log, id)));
    for (const state of states) if (state.lifecycle !== 'absent') yield state;
  }
}

const liveIds = async (log: Pick<EventLog, 'streams'>): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const page of streamPages(log, 'live', PAGE)) found.push(...page);
  return found;
};

const withoutSlash = (folder: string | null): string | null => folder?.replace(/\/+$/, '') ?? null;

const isIn = (workspace: string, { submission, workspace: prepared }: Run): boolean =>
  [submission.workspace, prepared?.root ?? null].map(withoutSlash).includes(withoutSlash(workspace));

type Conflicts = Pick<DryRunDocument, 'conflicts' | 'undeclared'>;

/** Runs under way in a workspace that may touch the same files, and those of which nobody knows. Read from the log itself. */
export const findConflicts = async (
  log: Pick<EventLog, 'read' | 'streams'>,
  workspace: string | null,
  files: readonly string[],
): Promise<Conflicts> => {
  const found: Conflicts = { conflicts: [], undeclared: [] };
  if (workspace === null) return found;
  for await (const state of readStates(log, await liveIds(log))) {
    if (state.lifecycle !== 'live' || !isIn(workspace, state)) continue;
    const theirs = filesOfRun(state);
    if (theirs.length === 0) {
      found.undeclared.push(state.id);
      continue;
    }
    const both = filesInCommon(files, theirs);
    if (both.length === 0) continue;
    const goal = state.submission.goal.slice(0, GOAL_CHARACTERS);
    found.conflicts.push({ id: state.id, goal, status: statusOf(state), files: [...both] });
  }
  return found;
};
