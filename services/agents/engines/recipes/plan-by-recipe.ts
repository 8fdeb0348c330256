import { resolve } from 'node:path';
import type { DecomposeOutcome, DecomposeRequest, EngineContext, PlanOutcome, PlanRequest } from '../engine.ts';
import { chooseRecipe } from './choose-recipe.ts';
import { type LoadedRecipes, loadRecipes } from './load-recipes.ts';
import { mapFromRecipe } from './map-from-recipe.ts';
import { otherEngine } from './other-engine.ts';
import { planFromRecipe } from './plan-from-recipe.ts';
import { renderText } from './templates.ts';

const PLAN_OTHERWISE = `${otherEngine('plan')}, or bring a plan with --plan FILE`;
const DECOMPOSE_OTHERWISE = `${otherEngine('decompose')}, or write the tasks down in a Markdown file and decompose that`;

const load = (folders: readonly string[], { directory }: EngineContext): Promise<LoadedRecipes> =>
  loadRecipes(folders.map((folder) => resolve(directory, folder)));

/** @param folders as in the options of the engine */
export const planByRecipe = async (
  folders: readonly string[],
  request: PlanRequest,
  context: EngineContext,
): Promise<PlanOutcome> => {
  const { directory, signal } = context;
  const loaded = await load(folders, context);
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

export const decomposeByRecipe = async (
  folders: readonly string[],
  { goal, answers }: DecomposeRequest,
  context: EngineContext,
): Promise<DecomposeOutcome> => {
  const { directory, signal } = context;
  const { projects, problems } = await load(folders, context);
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
