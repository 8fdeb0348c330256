import type { Engine, EngineBlocker, WorkOutcome } from '../engine.ts';
import { applyOperations } from '../operations/apply-operations.ts';
import { otherEngine } from './other-engine.ts';

export interface RecipesEngineOptions {
  /**
   * Folders of recipe files; a relative one belongs to the workspace. A recipe in a later folder wins over one of the
   * same name before it.
   */
  readonly recipesDirs: readonly string[];
}

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
    const { planByRecipe } = await import('./plan-by-recipe.ts');
    return planByRecipe(recipesDirs, request, context);
  },
  async decompose(request, context) {
    context.signal.throwIfAborted();
    const { decomposeByRecipe } = await import('./plan-by-recipe.ts');
    return decomposeByRecipe(recipesDirs, request, context);
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
