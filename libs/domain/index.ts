export { checkpointDocuments } from './checkpoints/checkpoint-documents.ts';
export { findCheckpoint, latestCheckpoint } from './checkpoints/find-checkpoint.ts';
export { baseOf } from './children/bases.ts';
export { childSubmission } from './children/child-submission.ts';
export { isParent, runningChildren } from './children/family.ts';
export { toMerge } from './children/merge-order.ts';
export { taskOfMap } from './children/plan-children.ts';
export { filesInCommon, filesOfRun, filesOfTask } from './children/share-files.ts';
export { sumResults, type TaskResults } from './children/task-results.ts';
export { type ChildWish, countsOn } from './children/tend-children.ts';
export type { Command, CommandOf, ReportedFailure, ReportItem, UsageEntry } from './command.ts';
export { budgetDocument } from './context/budget.ts';
export { learningsFrom, subjectDomain } from './context/learn.ts';
export type { Context } from './context.ts';
export { conclude, decide } from './decide.ts';
export { describeOutage, type PickedEngine, pickEngine } from './engines/outages.ts';
export { asStored, evolve, fold } from './evolve.ts';
export { fingerprint } from './fingerprint.ts';
export { follow } from './follow.ts';
export { dueHandoff } from './handoffs/handoffs.ts';
export { nextRound, type QuestionRound, wouldWait } from './interactions/rounds.ts';
export { taskChecks } from './map/task-checks.ts';
export { taskGoal } from './map/task-goal.ts';
export { dependencyProblems, validateMap } from './map/validate-map.ts';
export {
  type Amount,
  addAmounts,
  nothingSpent,
  roundedUsd,
  sumAmounts,
  tokensOf,
} from './money/amounts.ts';
export {
  dayAccount,
  goalAccount,
  goalLimit,
  labelAccount,
  rootOf,
  tokenLimit,
  tokensAccount,
  unitOf,
} from './money/budget.ts';
export { ownSpend, totalSpend } from './money/spend.ts';
export { spendDocument } from './money/spend-document.ts';
export { outsideRecovery } from './outside/recovery.ts';
export { ALWAYS, isPermitted, subjectOf } from './permissions/permissions.ts';
export { isWebAddress, type PageAssertion, parseAssertion } from './plan/browser-check.ts';
export { readySteps, topologicalOrder } from './plan/dag.ts';
export { scorePlan, type Verdict, verdict } from './plan/score.ts';
export { validatePlan } from './plan/validate.ts';
export { type Classification, classify, ErrorPattern, ErrorPatterns, teamPatterns } from './recovery/classify.ts';
export { isSamePlan } from './recovery/replan.ts';
export { windowEnd } from './recovery/window.ts';
export { resultOf } from './result.ts';
export { RoutingPolicy } from './routing/policy.ts';
export {
  absent,
  type Checkpoint,
  type Child,
  currentInvocation,
  type Ended,
  type Failure,
  type GateProgress,
  type HandedOut,
  type Invocation,
  type Lease,
  type Live,
  lastFailure,
  type Outage,
  openInteraction,
  presentHandoffs,
  type Run,
  type State,
  type Step,
} from './run.ts';
export { stateDocument, statusOf } from './state-document.ts';
export { nothingObserved, type Observed, waitReason } from './wait-reason.ts';
export { dueMs, isOverdue, react, verifiedHeads, type Wish } from './wishes.ts';
export { openAssignment, unusedAnswer } from './work/find-work.ts';
export { assignmentDocument } from './work/work.view.ts';
