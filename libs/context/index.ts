export { chooseLearnings, distinctLearnings, domainsOf, integrationsIn, type Subject } from './learnings/choose.ts';
export { addLearnings, domainOfFile, learningsFile, parseLearnings, renderLearnings } from './learnings/markdown.ts';
export { type Tier, tierOf } from './learnings/tiers.ts';
export { type Optimised, type OptimiseOptions, optimise } from './optimise.ts';
export { type CountTokens, type FixedText, type LibraryDoc, piecesOf, type Reading } from './pieces.ts';
export { budgetOf, overHardLimit, pressureOf, totalOf, type Usage, usageOf } from './pressure.ts';
