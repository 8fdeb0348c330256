import { resolve } from 'node:path';
import type { Engine, EngineBlocker, EngineContext, PlanOutcome, PlanRequest, WorkOutcome } from '../engine.ts';
import { applyOperations } from '../operations/apply-operations.ts';
import { describeProblem, type LoadedRecipe, type LoadedRecipes, loadRecipes } from './load-recipes.ts';
import { type DoesNotApply, matchSignals, prepare } from './match-recipes.ts';
import { planFromRecipe } from './plan-from-recipe.ts';
import { renderDeep, renderText } from './templates.ts';
import { readWorkspaceFacts, type WorkspaceFacts } from './workspace-facts.ts';

export interface RecipesEngineOptions {
  /**
   * Folders of recipe files; a relative one belongs to the workspace. A recipe in a later folder wins over one of the
   * same name before it.
   */
  readonly recipesDirs: readonly string[];
}

const OTHER_WAYS =
  'configure an engine that can plan (engines.commands.<name>.command in .studio/config.yaml), or bring a plan with --plan FILE';

const describeProblems = ({ problems }: LoadedRecipes): readonly string[] =>
  problems.map((problem) => `recipe ignored: ${describeProblem(problem)}`);

const nothingMatches = (loaded: LoadedRecipes, refusals: readonly string[]): EngineBlocker => {
  const known = loaded.recipes.map(({ recipe }) => `"${recipe.example}" (${recipe.name})`);
  const list = known.length === 0 ? 'there are no recipes' : `the recipes take goals such as ${known.join(', ')}`;
  const reason = ['no recipe fits this goal', ...refusals, ...describeProblems(loaded)].join('; ');
  return { outcome: 'cannot', reason, unblock: `${OTHER_WAYS}; ${list}` };
};

interface Candidate extends LoadedRecipe {
  /** What the goal says. */
  readonly given: Readonly<Record<string, string>>;
}

/** A recipe that fails is out of the question, and said so; it takes no other recipe with it. */
const broken = ({ file, recipe }: LoadedRecipe, error: unknown): string =>
  `recipe ${recipe.name} is broken, correct ${file}: ${error instanceof Error ? error.message : String(error)}`;

const findCandidates = ({ recipes }: LoadedRecipes, goal: string) => {
  const candidates: Candidate[] = [];
  const refusals: string[] = [];
  for (const loaded of recipes) {
    try {
      const given = matchSignals(loaded.recipe, goal);
      if (given !== null) candidates.push({ ...loaded, given });
    } catch (error) {
      refusals.push(broken(loaded, error));
    }
  }
  return { candidates, refusals };
};

/** The plan of one recipe, or the reason why it has none for this workspace. */
const planWith = async (
  { recipe, given }: Candidate,
  request: PlanRequest,
  { directory, signal }: EngineContext,
  workspace: WorkspaceFacts,
): Promise<Extract<PlanOutcome, { outcome: 'planned' }> | DoesNotApply> => {
  const prepared = await prepare(recipe, given, workspace, directory);
  signal.throwIfAborted();
  if ('reason' in prepared) return { reason: `recipe ${recipe.name} does not apply: ${prepared.reason}` };
  const plan = await planFromRecipe(recipe, request, prepared, { directory, files: workspace.files, signal });
  if (plan === null) {
    return { reason: `recipe ${recipe.name} does not apply: ${renderText(recipe.nothing_to_do, prepared.scope)}` };
  }
  const assumed = prepared.assumptions.map(({ question, response }) => `assumed: ${question} ${response}`);
  const cautions = [...assumed, ...renderDeep(recipe.cautions, prepared.scope)];
  return { outcome: 'planned', plan, source: `recipe ${recipe.name}`, cautions };
};

/** Recipes that match the goal are tried in order; the first that applies to the workspace plans. */
const plan = async (loaded: LoadedRecipes, request: PlanRequest, context: EngineContext): Promise<PlanOutcome> => {
  const { candidates, refusals } = findCandidates(loaded, request.goal);
  if (candidates.length === 0) return nothingMatches(loaded, refusals);
  const workspace = await readWorkspaceFacts(context.directory, context.signal);
  for (const candidate of candidates) {
    context.progress(`trying recipe ${candidate.recipe.name}: ${candidate.recipe.description}`);
    const outcome = await planWith(candidate, request, context, workspace).catch((error: unknown) => {
      context.signal.throwIfAborted();
      return { reason: broken(candidate, error) };
    });
    if ('outcome' in outcome) {
      return { ...outcome, cautions: [...outcome.cautions, ...refusals, ...describeProblems(loaded)] };
    }
    refusals.push(outcome.reason);
  }
  const reason = [...refusals, ...describeProblems(loaded)].join('; ');
  return { outcome: 'cannot', reason, unblock: `change what stands in the way of the recipe; or ${OTHER_WAYS}` };
};

const OTHER_ENGINE = 'configure an engine that can work (engines.commands.<name>.command in .studio/config.yaml)';

const cannotFix = (gate: string, command: string): EngineBlocker => ({
  outcome: 'cannot',
  reason: `gate ${gate} (\`${command}\`) is red, and recipes cannot correct code`,
  unblock: `${OTHER_ENGINE}, or correct the code by hand`,
});

const cannotThink = (step: string): EngineBlocker => ({
  outcome: 'cannot',
  reason: `${step} has no operations, and recipes only apply operations`,
  unblock: `${OTHER_ENGINE}, or give the step operations in the plan`,
});

/** Plans from recipe files and applies the operations of a step. Deterministic, no model, no network of its own. */
export const createRecipesEngine = ({ recipesDirs }: RecipesEngineOptions): Engine => ({
  name: 'recipes',
  can: { plan: true, work: true },
  async plan(request, context) {
    context.signal.throwIfAborted();
    const loaded = await loadRecipes(recipesDirs.map((folder) => resolve(context.directory, folder)));
    return plan(loaded, request, context);
  },
  async work(request, context): Promise<WorkOutcome> {
    context.signal.throwIfAborted();
    if (request.kind === 'fix') return cannotFix(request.gate, request.command);
    const { step } = request;
    if (step.operations === undefined || step.operations.length === 0) return cannotThink(step.id);
    context.progress(`applying ${step.operations.length} operations of ${step.name}`);
    return applyOperations(step.operations, { ...context, repeat: request.try > 1 });
  },
});
