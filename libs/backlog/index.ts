export { BacklogEvent } from './backlog.events.ts';
export { writeBacklogFile } from './backlog-file.ts';
export { asBacklogLog, type BacklogLog, backlogCodec, backlogTag, createRedisBacklogLog } from './backlog-log.ts';
export { type BacklogExecuted, type Backlogs, type BacklogsOptions, backlogIdOf, createBacklogs } from './backlogs.ts';
export { claimedGoal } from './claimed-goal.ts';
export type { BacklogCommand, FollowedRun, FollowedTask } from './command.ts';
export { claimName, followedRun } from './followed-run.ts';
export type { BacklogState, Claim, Item } from './state.ts';
