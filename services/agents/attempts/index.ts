export type { Attempt } from './attempt.ts';
export { type Desk, type Equipment, openDesk } from './desk.ts';
export { AttemptFailed, engineFailed, LeaseEnded } from './errors.ts';
export { type Classifier, createClassifier, isSecurityViolation } from './failure.ts';
export { ensurePlan } from './make-plan.ts';
export type { RunRole } from './run-attempt.ts';
export { type StartAgentOptions, startAgent } from './start-agent.ts';
