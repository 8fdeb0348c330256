import type { BacklogDocument } from '#contracts';
import { AppendConflict, entryPages, LogWentBack, sha256 } from '#events';
import type { BacklogEvent, RecordedBacklogEvent } from './backlog.events.ts';
import { backlogDocument } from './backlog-document.ts';
import type { BacklogLog } from './backlog-log.ts';
import type { BacklogCommand } from './command.ts';
import { decideBacklog } from './decide.ts';
import { type BacklogState, emptyBacklog, foldBacklog } from './state.ts';

/** One backlog a workspace. Two ways to write a path are two backlogs, so callers resolve it. */
export const backlogIdOf = (workspace: string): string => `backlog_${sha256(workspace).slice(0, 12)}`;

export interface BacklogExecuted {
  readonly state: BacklogState;
  /** What this call stored, oldest first; `[]`: it was so already. */
  readonly events: readonly RecordedBacklogEvent[];
}

/** The only way to read or change backlogs: load, decide, append. */
export interface Backlogs {
  load(workspace: string): Promise<BacklogState>;
  document(workspace: string): Promise<BacklogDocument>;
  /**
   * @throws {RuleViolation} from the decider, unchanged
   * @throws {AppendConflict} after 10 lost races
   * @throws {Unavailable} the log did not answer; give the command again
   */
  execute(workspace: string, command: BacklogCommand, actor: string): Promise<BacklogExecuted>;
}

export interface BacklogsOptions {
  readonly log: BacklogLog;
  readonly now: () => Date;
  /** Told after each command of what there is now, so that files can follow. */
  readonly project?: (document: BacklogDocument) => Promise<void>;
}

const MAX_RACES = 10;

const isSome = (events: readonly BacklogEvent[]): events is readonly [BacklogEvent, ...BacklogEvent[]] =>
  events.length > 0;

/** The first fact of a backlog says whose it is. */
const withOpening = (events: readonly BacklogEvent[], workspace: string, state: BacklogState) =>
  state.workspace === null && isSome(events)
    ? [{ type: 'backlog.opened' as const, v: 1 as const, data: { workspace } }, ...events]
    : events;

export const createBacklogs = ({ log, now, project = async () => {} }: BacklogsOptions): Backlogs => {
  const load = async (workspace: string): Promise<BacklogState> => {
    let state = emptyBacklog;
    for await (const page of entryPages((range) => log.read(backlogIdOf(workspace), range)))
      state = foldBacklog(page, state);
    return state;
  };

  const tryOnce = async (workspace: string, command: BacklogCommand, actor: string): Promise<BacklogExecuted> => {
    const stream = backlogIdOf(workspace);
    const state = await load(workspace);
    const events = withOpening(decideBacklog(command, state), workspace, state);
    if (!isSome(events)) return { state, events: [] };
    const trace = { actor, correlationId: stream, causationId: null, time: now().toISOString() };
    const recorded = await log.append({ stream, expected: state.head, events, trace });
    return { state: foldBacklog(recorded, state), events: recorded };
  };

  const executeNow = async (workspace: string, command: BacklogCommand, actor: string): Promise<BacklogExecuted> => {
    for (let races = 1; ; races++) {
      try {
        return await tryOnce(workspace, command, actor);
      } catch (error) {
        const isRace = error instanceof AppendConflict || error instanceof LogWentBack;
        if (!isRace || races === MAX_RACES) throw error;
      }
    }
  };

  const document = async (workspace: string): Promise<BacklogDocument> =>
    backlogDocument(backlogIdOf(workspace), workspace, await load(workspace));

  return {
    load,
    document,
    async execute(workspace, command, actor) {
      const executed = await executeNow(workspace, command, actor);
      if (executed.state.head.version > 0)
        await project(backlogDocument(backlogIdOf(workspace), workspace, executed.state));
      return executed;
    },
  };
};
