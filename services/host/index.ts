export { createHandFolders } from './hand-folders.ts';
export { type RunHostOptions, runHost } from './run-host.ts';
export { SERVICES, type ServiceName, type ServiceOptions, startService } from './start-service.ts';
