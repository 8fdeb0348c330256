export { createFollower, type Follower, type FollowerOptions } from './feed/follower.ts';
export { FEED_GROUPS, type FeedGroup, type Moved } from './feed/groups.ts';
export { createQuarantine, type Quarantine, type Quarantined } from './feed/quarantine.ts';
export { createTail, type Tail, type TailOptions } from './feed/tail.ts';
export { trimFeed } from './feed/trim.ts';
export { createIntakeGuard, type IntakeGuardOptions, type MemoryPressure, memoryPressure } from './intake-guard.ts';
export { eventKeys } from './keys.ts';
export { createRedisEventLog, type RedisEventLogOptions } from './log/redis-event-log.ts';
