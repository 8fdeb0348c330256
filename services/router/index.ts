export type { KeepCommits, PointBranch } from './fulfil.ts';
export { type RouterOptions, startRouter } from './start-router.ts';
