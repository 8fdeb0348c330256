import { assert, expect, test } from 'vitest';
import { ProjectMap } from '#contracts';
import { validateMap } from '#domain';
import { createRecipesEngine } from '#engines';
import { contextFor, projectPath, repository } from '../contract/engine-fixtures.ts';
import { build, read } from './run-recipe.ts';

const engine = createRecipesEngine({ recipesDirs: [projectPath('recipes')] });

const decompose = (goal: string, directory: string) =>
  engine.decompose(
    { kind: 'decompose', goal, specification: null, skills: [], hint: null, answers: [] },
    contextFor(directory),
  );

test('node-service: a goal becomes tasks with plans, which give a service whose tests pass', async () => {
  const folder = await repository({ LICENSE: 'mine\n' });
  const outcome = await decompose('Start a new project: a Node service called shop', folder);
  assert(outcome.outcome === 'decomposed', JSON.stringify(outcome));
  const { map, source } = outcome;
  expect(source).toBe('recipe node-service');
  expect(ProjectMap.parse(map)).toEqual(map);
  expect(validateMap(map)).toEqual([]);
  expect(map.tasks.map(({ id, depends_on }) => `${id} after ${depends_on.join(' ')}`)).toEqual([
    'T1 after ',
    'T2 after T1',
    'T3 after T2',
    'T4 after T1',
    'T5 after T3',
    'T6 after T2',
  ]);
  for (const { title, plan } of map.tasks) {
    assert(plan, title);
    await build(title, plan, folder);
  }
  expect(JSON.parse(await read(folder, 'package.json'))).toMatchObject({ name: 'shop' });
  expect(await read(folder, 'README.md')).toMatch(/^# shop\n/);
});

test('node-service: a README that is there is kept, and a package is not written over', async () => {
  const kept = await decompose('Create a Node.js API', await repository({ 'README.md': '# Mine\n' }));
  assert(kept.outcome === 'decomposed', JSON.stringify(kept));
  expect(kept.map.tasks.map(({ id }) => id)).toEqual(['T1', 'T2', 'T3', 'T5', 'T6']);
  const there = await decompose('Create a Node.js API', await repository({ 'package.json': '{"name":"x"}\n' }));
  expect(there).toMatchObject({ outcome: 'cannot', reason: expect.stringContaining('package.json already') });
});
