export { type EnsureHostOptions, ensureHost, type HostPlace, stopHost } from './ensure-host.ts';
export { type HostDocument, readHost } from './host-file.ts';
export { type RunHostOptions, runHost } from './run-host.ts';
export { SERVICES, type ServiceName, type StartServiceOptions, startService } from './start-service.ts';
