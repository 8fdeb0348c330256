export { createAcpEngine } from './acp/acp-engine.ts';
export type { AcpEngineOptions } from './acp/options.ts';
export { AGENT_PRESETS, type AgentPreset } from './acp/presets.ts';
export { aroundCalls } from './around-calls.ts';
export {
  type ChosenEngine,
  chooseEngine,
  type EngineChoice,
  type EngineSettings,
  wantedEngines,
} from './choose-engine.ts';
export { createCommandEngine } from './command/command-engine.ts';
export type { CommandEngineOptions } from './command/conversation.ts';
export { createRunProgram } from './command/run-program.ts';
export type {
  Capabilities,
  CommandOutcome,
  DecomposeOutcome,
  DecomposeRequest,
  Engine,
  EngineBlocker,
  EngineContext,
  EngineFailure,
  EngineRequest,
  FixRequest,
  HandedIn,
  PermissionRequest,
  PlanOutcome,
  PlanRequest,
  ProgramOutcome,
  ProgramRequest,
  RequestDocument,
  RunProgram,
  Session,
  SessionKeeper,
  StepRequest,
  WorkOutcome,
} from './engine.ts';
export { ForbiddenCommand } from './forbidden-command.ts';
export { type FoundAgent, findAgents } from './headless/find-agents.ts';
export { createHeadlessEngine } from './headless/headless-engine.ts';
export { agentVersion, loginOf } from './headless/login.ts';
export { createHumanEngine, HUMAN } from './human/human-engine.ts';
export { AGENT_PROGRAMS, agentEnvironment, chosenFrom, hostsIn, KNOWN_AGENTS } from './known-agents.ts';
export { mapTexts } from './map-texts.ts';
export { createModelEngine } from './model/model-engine.ts';
export type { ModelEngineOptions } from './model/options.ts';
export { createNoopEngine } from './noop-engine.ts';
export { type ApplyOptions, applyOperations } from './operations/apply-operations.ts';
export {
  describeProblem,
  type LoadedRecipe,
  type LoadedRecipes,
  loadRecipes,
  type RecipeProblem,
} from './recipes/load-recipes.ts';
export { createRecipesEngine, type RecipesEngineOptions } from './recipes/recipes-engine.ts';
