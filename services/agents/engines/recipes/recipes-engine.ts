import { resolve } from 'node:path';
import type {
  DecomposeOutcome,
  DecomposeRequest,
  Engine,
  EngineBlocker,
  EngineContext,
  PlanOutcome,
  PlanRequest,
  WorkOutcome,
} from '../engine.ts';
import { applyOperations } from '../operations/apply-operations.ts';
import { chooseRecipe } from './choose-recipe.ts';
import { type LoadedRecipes, loadRecipes } from './load-recipes.ts';
import { mapFromRecipe } from './map-from-recipe.ts';
import { planFromRecipe } from './plan-from-recipe.ts';
import { renderText } from './templates.ts';

export interface RecipesEngineOptions {
  /**
   * Folders of recipe files; a relative one belongs to the workspace. A recipe in a later folder wins over one of the
   * same name before it.
   */
  readonly recipesDirs: readonly string[];
}

const otherEngine = (ability: string): string =>
  `configure an engine that can ${ability}: a model, an agent or a program (engines.models, engines.agents or engines.commands in .studio/config.yaml)`;

const PLAN_OTHERWISE = `${otherEngine('plan')}, or bring a plan with --plan FILE`;
const DECOMPOSE_OTHERWISE = `${otherEngine('decompose')}, or write the tasks down in a Markdown file and decompose that`;

const load = (folders: readonly string[], { directory }: EngineContext): Promise<LoadedRecipes> =>
  loadRecipes(folders.map((folder) => resolve(directory, folder)));

const plan = async (loaded: LoadedRecipes, request: PlanRequest, context: EngineContext): Promise<PlanOutcome> => {
  const { directory, signal } = context;
  const canAsk = request.round !== null;
  const made = await chooseRecipe({
    ...loaded,
    goal: request.goal,
    knowledge: { answers: request.answers, canAsk },
    context,
    otherWays: PLAN_OTHERWISE,
    make: async ({ recipe, prepared, workspace }) => {
      const planned = await planFromRecipe(recipe, request, prepared, { directory, files: workspace.files, signal });
      if (!planned) return { reason: renderText(recipe.nothing_to_do, prepared.scope) };
      return { result: { plan: planned, questions: canAsk ? prepared.open : [] } };
    },
  });
  if (!('result' in made)) return made;
  const { result, ...told } = made;
  // What it does not know it cannot guess from the workspace: people are asked, however little it is.
  if (result.questions.length > 0) return { outcome: 'questions', questions: result.questions, readiness: 0 };
  return { outcome: 'planned', plan: result.plan, ...told };
};

const decompose = async (
  { projects, problems }: LoadedRecipes,
  { goal, answers }: DecomposeRequest,
  context: EngineContext,
): Promise<DecomposeOutcome> => {
  const { directory, signal } = context;
  const made = await chooseRecipe({
    recipes: projects,
    problems,
    goal,
    knowledge: { answers, canAsk: false },
    context,
    otherWays: DECOMPOSE_OTHERWISE,
    make: async ({ recipe, prepared, workspace }) => ({
      result: await mapFromRecipe(recipe, prepared, { directory, files: workspace.files, signal }),
    }),
  });
  return 'result' in made
    ? { outcome: 'decomposed', map: made.result, source: made.source, cautions: made.cautions }
    : made;
};

const cannotFix = (gate: string, command: string): EngineBlocker => ({
  outcome: 'cannot',
  reason: `gate ${gate} (\`${command}\`) is red, and recipes cannot correct code`,
  unblock: `${otherEngine('work')}, or correct the code by hand`,
});

const cannotThink = (step: string): EngineBlocker => ({
  outcome: 'cannot',
  reason: `${step} has no operations, and recipes only apply operations`,
  unblock: `${otherEngine('work')}, or give the step operations in the plan`,
});

/** Plans from recipe files and applies the operations of a step. Deterministic, no model, no network of its own. */
export const createRecipesEngine = ({ recipesDirs }: RecipesEngineOptions): Engine => ({
  name: 'recipes',
  can: { plan: true, work: true, decompose: true },
  free: true,
  async plan(request, context) {
    context.signal.throwIfAborted();
    return plan(await load(recipesDirs, context), request, context);
  },
  async decompose(request, context) {
    context.signal.throwIfAborted();
    return decompose(await load(recipesDirs, context), request, context);
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
