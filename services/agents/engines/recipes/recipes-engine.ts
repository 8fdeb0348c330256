import { resolve } from 'node:path';
import type { Engine, EngineBlocker, EngineContext, PlanOutcome, PlanRequest, WorkOutcome } from '../engine.ts';
import { applyOperations } from '../operations/apply-operations.ts';
import { describeProblem, type LoadedRecipes, loadRecipes } from './load-recipes.ts';
import { matchSignals, prepare } from './match-recipes.ts';
import { planFromRecipe } from './plan-from-recipe.ts';
import { renderText } from './templates.ts';
import { readWorkspaceFacts } from './workspace-facts.ts';

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

const nothingMatches = (loaded: LoadedRecipes): EngineBlocker => {
  const known = loaded.recipes.map(({ recipe }) => `"${recipe.example}" (${recipe.name})`);
  const list = known.length === 0 ? 'there are no recipes' : `the recipes take goals such as ${known.join(', ')}`;
  const reason = ['no recipe fits this goal', ...describeProblems(loaded)].join('; ');
  return { outcome: 'cannot', reason, unblock: `${OTHER_WAYS}; ${list}` };
};

/** Recipes that match the goal are tried in order; the first that applies to the workspace plans. */
const plan = async (loaded: LoadedRecipes, request: PlanRequest, context: EngineContext): Promise<PlanOutcome> => {
  const { directory, signal } = context;
  const matching = loaded.recipes.flatMap(({ recipe }) => {
    const given = matchSignals(recipe, request.goal);
    return given === null ? [] : [{ recipe, given }];
  });
  if (matching.length === 0) return nothingMatches(loaded);

  const workspace = await readWorkspaceFacts(directory, signal);
  const refusals: string[] = [];
  for (const { recipe, given } of matching) {
    context.progress(`trying recipe ${recipe.name}: ${recipe.description}`);
    const prepared = await prepare(recipe, given, workspace, directory);
    signal.throwIfAborted();
    if ('reason' in prepared) {
      refusals.push(`recipe ${recipe.name} does not apply: ${prepared.reason}`);
      continue;
    }
    const made = await planFromRecipe(recipe, request, prepared, { directory, files: workspace.files, signal });
    if (made === null) {
      refusals.push(`recipe ${recipe.name} does not apply: ${renderText(recipe.nothing_to_do, prepared.scope)}`);
      continue;
    }
    const assumed = prepared.assumptions.map(({ question, response }) => `assumed: ${question} ${response}`);
    const cautions = [...assumed, ...recipe.cautions, ...describeProblems(loaded)];
    return { outcome: 'planned', plan: made, source: `recipe ${recipe.name}`, cautions };
  }
  const reason = [...refusals, ...describeProblems(loaded)].join('; ');
  return { outcome: 'cannot', reason, unblock: `change what stands in the way of the recipe; or ${OTHER_WAYS}` };
};

/** An error of a recipe, not of the goal: a person mends the file. */
const brokenRecipe = (error: unknown, recipesDirs: readonly string[]): EngineBlocker => ({
  outcome: 'cannot',
  reason: error instanceof Error ? error.message : String(error),
  unblock: `correct the recipe in one of ${recipesDirs.join(', ')}; or ${OTHER_WAYS}`,
});

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
    try {
      const loaded = await loadRecipes(recipesDirs.map((folder) => resolve(context.directory, folder)));
      return await plan(loaded, request, context);
    } catch (error) {
      context.signal.throwIfAborted();
      return brokenRecipe(error, recipesDirs);
    }
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
