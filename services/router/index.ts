export type { PointBranch } from './fulfil.ts';
export { type RouterOptions, startRouter } from './start-router.ts';
