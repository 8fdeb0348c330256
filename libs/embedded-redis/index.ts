export { diagnose, RedisBusy, RedisFailed, type RedisFault, RedisMissing } from './errors.ts';
export { redisSocketPath } from './place.ts';
export { findServer, installCommand } from './programs.ts';
export { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from './start-embedded-redis.ts';
