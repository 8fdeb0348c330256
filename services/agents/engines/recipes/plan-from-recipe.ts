import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { InvalidInput, Plan, type Recipe, type RecipeStep } from '#contracts';
import type { PlanRequest } from '../engine.ts';
import { expandOperations, type Place } from './expand-operations.ts';
import type { Prepared } from './match-recipes.ts';
import { holds, renderDeep, type Scope } from './templates.ts';

type PlanInput = z.input<typeof Plan>;

/** What of a recipe, or of a task of a skeleton, makes a plan. */
export type Runbook = Pick<
  Recipe,
  'name' | 'version' | 'requirements' | 'steps' | 'acceptance_criteria' | 'quality_gates'
>;

const withoutCondition = <Part extends { readonly when?: string | undefined }>({ when: _, ...part }: Part) => part;

const kept = <Part extends { readonly when?: string | undefined }>(parts: readonly Part[], scope: Scope) =>
  parts.filter(({ when }) => when === undefined || holds(when, scope)).map(withoutCondition);

const buildStep = async (step: RecipeStep, scope: Scope, place: Place) => {
  const { when: _, operations, success_criteria, ...texts } = step;
  return {
    ...renderDeep(texts, scope),
    operations: await expandOperations(operations, scope, place),
    success_criteria: renderDeep(kept(success_criteria, scope), scope),
  };
};

const buildSteps = async (recipe: Runbook, scope: Scope, place: Place): Promise<PlanInput['steps']> => {
  const steps: PlanInput['steps'] = [];
  for (const step of recipe.steps) {
    if (step.when !== undefined && !holds(step.when, scope)) continue;
    const built = await buildStep(step, scope, place);
    // A step whose conditions leave nothing to do is not a step of this plan.
    if (built.operations.length === 0) continue;
    const depends_on = steps.length === 0 ? [] : [`step_${steps.length}`];
    steps.push({ id: `step_${steps.length + 1}`, ...built, depends_on });
  }
  return steps;
};

/** The same goal, task and recipe give the same id. */
const planId = (recipe: Runbook, { goal, taskId }: Pick<PlanRequest, 'goal' | 'taskId'>): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([recipe.name, recipe.version, goal, taskId]))
    .digest('hex');
  return `bp_${recipe.name}_${digest.slice(0, 12)}`;
};

const requirements = (recipe: Runbook, { scope, confirmations }: Prepared): PlanInput['gathered_requirements'] => ({
  ...renderDeep(recipe.requirements, scope),
  user_confirmations: confirmations.map(({ question, response, round, assumed }) => ({
    question,
    response: assumed ? `assumed: ${response}` : response,
    round,
  })),
});

/**
 * The plan of a recipe for one goal in one workspace.
 * @returns `null` when its conditions leave nothing to do
 * @throws {InvalidInput} when the recipe's templates give something that is no plan: an error of the recipe
 */
export const planFromRecipe = async (
  recipe: Runbook,
  request: Pick<PlanRequest, 'goal' | 'taskId'>,
  prepared: Prepared,
  place: Place,
): Promise<Plan | null> => {
  const { scope } = prepared;
  const steps = await buildSteps(recipe, scope, place);
  if (steps.length === 0) return null;
  const criteria = renderDeep(kept(recipe.acceptance_criteria, scope), scope);
  const plan: PlanInput = {
    id: planId(recipe, request),
    task_id: request.taskId,
    goal: request.goal,
    gathered_requirements: requirements(recipe, prepared),
    acceptance_criteria: criteria.map((criterion, index) => ({ id: `AC-${index + 1}`, ...criterion })),
    steps,
    quality_gates: renderDeep(recipe.quality_gates, scope),
  };
  const parsed = Plan.safeParse(plan);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    `recipe ${recipe.name} made a plan that is not valid`,
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  );
};
