import type { ConfigValue, ProjectRecipe, Recipe } from '#contracts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { clip } from './words.ts';

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const renderConfig = (values: readonly ConfigValue[], style: Style): readonly string[] =>
  columns(
    values.map(({ key, value, origin }) => [
      key,
      clip(valueText(value), 60),
      origin === 'default' ? style.dim(origin) : style.cyan(origin),
    ]),
  );

export interface RecipeList {
  readonly recipes: readonly {
    readonly name: string;
    readonly version: number;
    readonly description: string;
    readonly example: string;
    readonly file: string;
  }[];
  readonly problems: readonly string[];
}

export const renderRecipes = ({ recipes, problems }: RecipeList, style: Style): readonly string[] => [
  ...(recipes.length === 0 ? ['no recipes'] : []),
  ...recipes.flatMap(({ name, description, example }) => [
    `${style.bold(name)}  ${description}`,
    `  ${style.dim(`studio build "${example}"`)}`,
  ]),
  ...problems.map((problem) => `${style.red('✗')} ${problem}`),
];

const stepsOf = (recipe: Recipe, style: Style): readonly string[] => [
  style.bold('steps'),
  ...recipe.steps.map(
    ({ name, when, risky }, index) =>
      `  ${index + 1}. ${name}${when ? ` (when ${when})` : ''}${risky ? ' (risky)' : ''}`,
  ),
];

const tasksOf = ({ epics }: ProjectRecipe, style: Style): readonly string[] =>
  epics.flatMap((epic) => [
    style.bold(epic.title),
    ...epic.features.flatMap((feature) => [
      `  ${feature.title}`,
      ...feature.tasks.map(
        ({ id, title, depends_on, when }) =>
          `    ${id} ${title}${depends_on.length > 0 ? ` (after ${depends_on.join(', ')})` : ''}${when ? ` (when ${when})` : ''}`,
      ),
    ]),
  ]);

export const renderRecipe = (recipe: Recipe | ProjectRecipe, file: string, style: Style): readonly string[] => [
  `${style.bold(recipe.name)} (version ${recipe.version})  ${recipe.description}`,
  `  ${style.dim(file)}`,
  `  for example: studio build "${recipe.example}"`,
  style.bold('takes goals like'),
  ...recipe.signals.map((signal) => `  ${signal}`),
  ...(Object.keys(recipe.parameters).length > 0 ? [style.bold('parameters')] : []),
  ...columns(
    Object.entries(recipe.parameters).map(([name, { description, default: value }]) => [
      `  ${name}`,
      description,
      value === undefined ? 'the goal must say' : `default ${value}`,
    ]),
  ),
  ...('kind' in recipe ? tasksOf(recipe, style) : stepsOf(recipe, style)),
  ...(recipe.cautions.length > 0 ? [style.bold('cautions'), ...recipe.cautions.map((caution) => `  ${caution}`)] : []),
];
