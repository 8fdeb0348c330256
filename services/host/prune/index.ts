export { cleanUp } from './clean-up.ts';
export { prune } from './prune.ts';
