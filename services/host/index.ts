export { type RunHostOptions, runHost } from './run-host.ts';
