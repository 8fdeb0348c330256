export { type Announcement, announce, workersAlive } from './presence.ts';
