export { type Announcement, announce, workersAlive } from './presence.ts';
export { createUnknownEngines } from './unknown-engines.ts';
