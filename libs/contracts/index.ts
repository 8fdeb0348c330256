export {
  Assignment,
  AssignmentDocument,
  HandIn,
  WorkKind,
  WorkOutcome,
} from './assignment.ts';
export {
  BacklogChange,
  type BacklogChangeInput,
  BacklogDecompose,
  BacklogDocument,
  BacklogId,
  BacklogNext,
  BacklogRun,
  BacklogRunAnswer,
  BacklogTask,
  TaskStatus,
} from './backlog.ts';
export { type BacktestChange, BacktestDocument, BacktestPolicy, type BacktestStop } from './backtest.ts';
export { Call, type CallAnswer } from './call.ts';
export { CheckResult, DiscoveredGate, FileChange } from './checks.ts';
export {
  type AcpAgent,
  AgentPresetName,
  type PermissionAnswer,
  type PermissionRules,
  PermittedKind,
} from './config/agents.ts';
export { Config, ConfigValue } from './config/config.ts';
export { ModelEngine } from './config/models.ts';
export { Money, Price, PriceList, Prices } from './config/money.ts';
export {
  BudgetDocument,
  ContextBudget,
  ContextLimits,
  ContextPiece,
  ContextPolicy,
  ContextPool,
  ContextPressure,
  Learning,
  LearningDomain,
  LearningsDocument,
  LearningsQuery,
} from './context.ts';
export {
  ControlCommand,
  ControlJob,
  EventDocument,
  EventPage,
  ListPage,
  ListQuery,
  ListRow,
  RouteDocument,
  WhyDocument,
  WorkerDocument,
} from './documents.ts';
export { DryRunDocument } from './dry-run.ts';
export { EngineChoice, EngineName, enginesFor, namedEngines } from './engine-choice.ts';
export {
  ENGINE_PROTOCOL,
  EngineAnswer,
  EngineMessage,
  EngineRequestDocument,
  MapDraft,
  PlanDraft,
  PlanFailure,
  PlannerAnswer,
  PlannerQuestion,
  PlannerQuestions,
  ProviderFault,
} from './engine-protocol.ts';
export { EnginesState } from './engine-state.ts';
export { InvalidInput, NotFound, type Remedy, RuleViolation, StudioError, Unavailable } from './errors.ts';
export { type GitUrl, gitUrlOf, gitUrlText, parseGitUrl } from './git-url.ts';
export { Goal, MAX_GOAL_CHARACTERS, SubmitAnswer, Trigger } from './goal.ts';
export { BuildHandoff, HandoffContext, HandoffsDocument, ReplanHandoff } from './handoff.ts';
export {
  CheckpointsDocument,
  CompareDocument,
  CompareQuery,
  ForkBody,
  ForkDocument,
} from './history.ts';
export { HookData, HookName } from './hooks.ts';
export {
  CheckpointId,
  Commit,
  Complexity,
  FailureCategory,
  Gate,
  InteractionId,
  OrchestrationId,
  Role,
  StepId,
  Timestamp,
  Workflow,
  WorkId,
} from './ids.ts';
export { EveryRunDocument, InboxDocument } from './inbox.ts';
export { WorkJob } from './jobs.ts';
export { OutsideRecovery, OutsideState } from './outside.ts';
export {
  AcceptanceCriterion,
  type BrowserVerification,
  GatheredRequirements,
  Operation,
  Plan,
  PlannedGate,
  PlanStep,
  QualityGates,
  SuccessCriterion,
  Verification,
  WorkspacePath,
} from './plan.ts';
export { Problem } from './problem.ts';
export {
  Effort,
  EpicId,
  FeatureId,
  MapEpic,
  MapFeature,
  MapTask,
  MapTaskId,
  ProjectMap,
  TaskAcceptance,
  TaskChanges,
  TaskDraft,
} from './project-map.ts';
export {
  ProjectRecipe,
  Recipe,
  RecipeLookup,
  RecipeOperation,
  RecipeParameter,
  RecipeQuestion,
  RecipeRequirement,
  RecipeStep,
} from './recipe.ts';
export { RegularExpression } from './regular-expression.ts';
export { shellWord, singleQuoted } from './shell-words.ts';
export { BudgetState, CostBasis, SpendState, Spent, SpentBy } from './spend.ts';
export {
  AgentStatus,
  Interaction,
  InteractionOption,
  OutcomeKind,
  Result,
  StateDocument,
  Status,
  StepState,
  WaitReason,
} from './state.ts';
export { EdgePolicy, Task, TaskId, TaskInput } from './task.ts';
export { ArchiveDocument, ImportAnswer, ImportDocument, PruneDocument } from './upkeep.ts';
export { Usage } from './usage.ts';
