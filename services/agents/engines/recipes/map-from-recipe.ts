import type * as z from 'zod';
import { InvalidInput, type Plan, ProjectMap, type ProjectRecipe } from '#contracts';
import { taskGoal } from '#domain';
import type { Place } from './expand-operations.ts';
import type { Prepared } from './match-recipes.ts';
import { planFromRecipe } from './plan-from-recipe.ts';
import { holds, renderDeep, type Scope } from './templates.ts';

type MapInput = z.input<typeof ProjectMap>;
type RecipeTask = ProjectRecipe['epics'][number]['features'][number]['tasks'][number];

/** A task with all texts rendered, in its feature, not waiting for what is left out. */
const describeTask = (task: RecipeTask, feature: string, kept: ReadonlySet<string>, scope: Scope) => {
  const { id, title, description, effort, priority, value, files, acceptance, acceptance_criteria } = task;
  const texts = renderDeep({ title, description, files, acceptance }, scope);
  const checks = acceptance_criteria.filter(({ when }) => when === undefined || holds(when, scope));
  const draft = {
    id,
    feature,
    effort,
    priority,
    value,
    title: texts.title,
    description: texts.description,
    files: texts.files,
    depends_on: task.depends_on.filter((other) => kept.has(other)),
    acceptance: [
      ...texts.acceptance.map((criterion) => ({ criterion })),
      ...checks.map(({ criterion, verification }) => renderDeep({ criterion, verification }, scope)),
    ],
  };
  return draft;
};

/** With steps a task comes with its plan, so that nobody has to think when its turn comes. */
const planTask = async (
  recipe: ProjectRecipe,
  task: RecipeTask,
  goal: string,
  prepared: Prepared,
  place: Place,
): Promise<Plan | null> => {
  const { steps, requirements, acceptance_criteria, quality_gates } = task;
  if (!steps) return null;
  const { name, version } = recipe;
  const runbook = { name, version, steps, requirements, acceptance_criteria, quality_gates };
  return planFromRecipe(runbook, { goal, taskId: task.id }, prepared, place);
};

/**
 * The map of a skeleton for one goal in one workspace.
 * @throws {InvalidInput} when the templates give something that is no map: an error of the recipe
 */
export const mapFromRecipe = async (recipe: ProjectRecipe, prepared: Prepared, place: Place): Promise<ProjectMap> => {
  const { scope } = prepared;
  const wanted = ({ when }: RecipeTask): boolean => when === undefined || holds(when, scope);
  const epics: NonNullable<MapInput['epics']> = [];
  const features: NonNullable<MapInput['features']> = [];
  const tasks: MapInput['tasks'] = [];
  const all = recipe.epics.flatMap((epic) => epic.features.flatMap((feature) => feature.tasks));
  const kept = new Set(all.filter(wanted).map(({ id }) => id));
  for (const [e, epic] of recipe.epics.entries()) {
    const { title, description } = renderDeep({ title: epic.title, description: epic.description }, scope);
    epics.push({ id: `E${e + 1}`, title, description });
    for (const feature of epic.features) {
      const texts = renderDeep({ title: feature.title, description: feature.description }, scope);
      const id = `F${features.length + 1}`;
      features.push({ id, epic: `E${e + 1}`, ...texts });
      for (const task of feature.tasks.filter(wanted)) {
        const described = describeTask(task, id, kept, scope);
        const goal = taskGoal({ ...described, goal: null, plan: null });
        tasks.push({ ...described, plan: await planTask(recipe, task, goal, prepared, place) });
      }
    }
  }
  const parsed = ProjectMap.safeParse({ epics, features, tasks });
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    `recipe ${recipe.name} made a map that is not valid`,
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  );
};
