export { type Comparison, compareRuns, type Side } from './compare.ts';
export type { Difference } from './difference.ts';
export type { Moment } from './moment.ts';
export { sentenceOf } from './sentence.ts';
export { type TimelineRow, timeline } from './timeline.ts';
export { type PolicyOf, type Verified, verifyDecisions } from './verify-decisions.ts';
export { documentAt, viewAt } from './view.ts';
