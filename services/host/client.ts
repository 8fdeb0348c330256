export { createBacklogProjection } from './backlog-projection.ts';
export { type EnsureHostOptions, ensureHost, type HostPlace, keepHost, stopHost } from './ensure-host.ts';
export { type HostDocument, readHost, wasKilled } from './host-file.ts';
