import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadRecipes } from '#engines';
import { projectPath, repository } from '../contract/engine-fixtures.ts';
import { build, planned, read } from './run-recipe.ts';

test('every built-in recipe can be read, and the goal it gives as an example is one that it takes', async () => {
  const { recipes, problems } = await loadRecipes([projectPath('recipes')]);
  expect(problems).toEqual([]);
  for (const { recipe } of recipes) {
    const taken = recipe.signals.some((signal) => new RegExp(signal, 'iu').test(recipe.example));
    expect(taken, recipe.name).toBe(true);
  }
});

test('the recipe that the documentation shows can be used as it is', async () => {
  const [, documented = ''] = /```yaml\n(.*?)```/s.exec(await readFile(projectPath('recipes/README.md'), 'utf8')) ?? [];
  const folder = await repository({ 'a.txt': '', '.studio/recipes/add-licence.yaml': documented });
  const { plan, source } = await planned('Add the licence for ACME', folder);
  expect(source).toBe('recipe add-licence');
  await build('…', plan, folder);
  expect(await read(folder, 'LICENSE')).toBe('Copyright ACME. All rights reserved.\n');
});
