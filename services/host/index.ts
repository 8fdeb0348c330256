export { type RunHostOptions, runHost } from './run-host.ts';
export { SERVICES, type ServiceName, type StartServiceOptions, startService } from './start-service.ts';
