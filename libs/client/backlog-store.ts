import type { BacklogCommand, BacklogExecuted, BacklogState, BacklogsOptions } from '#backlog';
import type { BacklogDocument } from '#contracts';
import { unavailable } from '#events/redis';
import type { Parts } from './parts.ts';

export interface BacklogStore {
  load(workspace: string): Promise<BacklogState>;
  document(workspace: string): Promise<BacklogDocument>;
  /** @throws {RuleViolation} the backlog is as it was */
  execute(workspace: string, command: BacklogCommand): Promise<BacklogExecuted>;
}

export interface BacklogStoreOptions {
  /** For the audit trail: `person:alice`, `service:gateway`. */
  readonly actor: string;
  readonly project: BacklogsOptions['project'] | undefined;
}

/** Backlogs as one person reads and changes them. Their code is loaded when one is asked for: most commands need none. */
export const createBacklogStore = (
  { redis, tag, now }: Parts,
  { actor, project }: BacklogStoreOptions,
): BacklogStore => {
  const load = async () => {
    const { createBacklogs, createRedisBacklogLog } = await import('#backlog');
    return createBacklogs({ log: createRedisBacklogLog(redis, tag), now, ...(project && { project }) });
  };
  let loaded: ReturnType<typeof load> | null = null;
  const backlogs = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    load: async (workspace) => (await backlogs()).load(workspace).catch(unavailable),
    document: async (workspace) => (await backlogs()).document(workspace).catch(unavailable),
    execute: async (workspace, command) => (await backlogs()).execute(workspace, command, actor).catch(unavailable),
  };
};
