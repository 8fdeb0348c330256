export { type EnsureHostOptions, ensureHost, type HostPlace, stopHost } from './ensure-host.ts';
export { type HostDocument, readHost } from './host-file.ts';
