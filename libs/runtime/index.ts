export { type ConfigFlag, type ConfigSources, type LoadedConfig, loadConfig } from './config/load-config.ts';
export { didYouMean } from './config/problems.ts';
export { readBuiltIn } from './config/read-built-in.ts';
export { inheritedDescriptors } from './inherited-descriptors.ts';
export type { Logger } from './logger.ts';
export { packageRoot, packageVersion } from './package-root.ts';
export { pauseAndRead } from './pause-and-read.ts';
export { identifyProcess, isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';
export { checkRedis, type RedisReport, requireFitRedis, UnfitRedis } from './redis/check-redis.ts';
export {
  type ConnectRedisOptions,
  connectRedis,
  describeEndpoint,
  type RedisEndpoint,
  redisOptions,
} from './redis/connect-redis.ts';
export { isScriptTimeout, runLimited } from './run-limited.ts';
export { type RunningService, type RunServiceOptions, runService, type ServiceHost } from './run-service.ts';
export { findStudioDir, installationNoteOf, locateStudioDir, type StudioDir } from './studio-dir.ts';
