import { type Backlogs, followedRun } from '#backlog';
import { RuleViolation } from '#contracts';
import type { State } from '#domain';
import type { Logger } from '#runtime';

/** Tells the backlog of its workspace how far a run is; told twice is told once. */
export type FollowBacklog = (id: string, state: State) => Promise<void>;

export const createFollowBacklog = (backlogs: Pick<Backlogs, 'execute'>, logger: Logger): FollowBacklog => {
  const told = new Map<string, string>();
  return async (id, state) => {
    const found = followedRun(state);
    if (found === null) return;
    const words = JSON.stringify(found.followed);
    if (told.get(id) === words) return;
    try {
      await backlogs.execute(found.workspace, { do: 'follow', followed: found.followed }, 'service:router');
    } catch (error) {
      // Asked again it would be refused again, and the run would stand still for the sake of a list.
      if (!(error instanceof RuleViolation)) throw error;
      logger.error({ orchestration: id, err: error }, 'the backlog cannot follow this run');
    }
    if (state.lifecycle === 'ended') told.delete(id);
    else told.set(id, words);
  };
};
