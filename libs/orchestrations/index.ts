export { type Claims, createMemoryClaims } from './claims.ts';
export { commandOf } from './command-of.ts';
export { createFork, type ForkAt } from './fork.ts';
export { newOrchestrationId } from './ids.ts';
export {
  createIntake,
  type Intake,
  type Origin,
  parseGoal,
  submissionOf,
  unknownEngineProblems,
} from './intake.ts';
export { limitsOf, loadPolicies, type RunConfig, readErrorPatterns, readRoutingPolicy } from './load-policies.ts';
export { type By, createOrchestrations, type Executed, type Orchestrations } from './orchestrations.ts';
export { createPolicies, type Policies, policyHash } from './policies.ts';
export { problemsOf } from './problems.ts';
export { createRedisClaims, listClaims } from './redis-claims.ts';
