import { join } from 'node:path';
import * as z from 'zod';
import {
  Config,
  Goal,
  InvalidInput,
  NotFound,
  Plan,
  ProjectMap,
  ProjectRecipe,
  Recipe,
  StateDocument,
} from '#contracts';
import { Event } from '#events';
import { loadConfig, locateStudioDir, packageRoot } from '#runtime';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { renderConfig, renderRecipe, renderRecipes } from '../render/setup.ts';
import { withSession } from '../session.ts';

const configOf = ({ io }: Call) => {
  const file = join(locateStudioDir(io.cwd, io.env), 'config.yaml');
  return loadConfig({ file, env: io.env });
};

export const config: Run = async (call) => {
  const { values } = await configOf(call);
  show(call, values, renderConfig);
  return EXIT.done;
};

/** Every shape that comes in or goes out, by the name a person would ask for. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  goal: Goal,
  plan: Plan,
  event: Event,
  recipe: Recipe,
  'project-recipe': ProjectRecipe,
  map: ProjectMap,
  config: Config,
  state: StateDocument,
};

/** What a producer has to send, so defaults are optional in it. */
export const schema: Run = async (call) => {
  const name = call.args[0] ?? '';
  const found = SCHEMAS[name];
  if (!found) throw new InvalidInput('no such schema', [`"${name}" is none of ${Object.keys(SCHEMAS).join(', ')}`]);
  const document = z.toJSONSchema(found, { io: 'input', unrepresentable: 'any' });
  show(call, document, () => [JSON.stringify(document, null, 2)]);
  return EXIT.done;
};

const loadAll = async ({ io }: Call) => {
  const { loadRecipes } = await import('#engines');
  return loadRecipes([join(packageRoot(), 'recipes'), join(locateStudioDir(io.cwd, io.env), 'recipes')]);
};

const listRecipes = async (call: Call) => {
  const { recipes, projects, problems } = await loadAll(call);
  const { describeProblem } = await import('#engines');
  const document = {
    recipes: [...recipes, ...projects].map(({ file, recipe: { name, version, description, example } }) => ({
      name,
      version,
      description,
      example,
      file,
    })),
    problems: problems.map(describeProblem),
  };
  show(call, document, renderRecipes);
  return document.problems.length > 0 ? EXIT.failed : EXIT.done;
};

export const recipes: Run = async (call) => {
  const [name] = call.args;
  if (name === undefined) return listRecipes(call);
  const loaded = await loadAll(call);
  const known = [...loaded.recipes, ...loaded.projects];
  const found = known.find(({ recipe }) => recipe.name === name);
  if (!found) {
    const { didYouMean } = await import('#runtime');
    const meant = didYouMean(
      name,
      known.map(({ recipe }) => recipe.name),
    );
    throw new NotFound(
      `there is no recipe ${name}${meant ? `; did you mean ${meant}?` : ': studio recipes lists them'}`,
    );
  }
  show(call, found.recipe, (recipe, style) => renderRecipe(recipe, found.file, style));
  return EXIT.done;
};

/** Makes the list again from the log; everything else reads the log itself. */
export const rebuild: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const rows = await studio.rebuild();
    show(call, { rows }, () => [`the list is made again from the log: ${rows} rows`]);
    return EXIT.done;
  });
